"""Articles for other programs, one file a format.

    rows       an article as one flat row, every fact under its name in `docs/sql.md`
    source     the articles that somebody wants out, from one state of the archive
    pages      kept pages as they lie in a capture file
    jsonl      a JSON object a line
    parquet    the same rows as typed columns
    warc       the kept pages, as one WARC file
    atom       the latest articles, as a feed

Each format has one function, `written`, which makes its file as pieces of bytes, one after the other, so that an
archive of any size takes the same memory; where they go is left to whoever asks.  Markdown for people and sites stands
in `archive.profiles`.
"""
