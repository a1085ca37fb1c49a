"""`python -m scraper` is `qqnews`."""

from scraper.cli import main

if __name__ == "__main__":
    main()
