"""The commands, a module for each thing a person wants; imported one at a time, by `scraper.cli.app`.

At the top they import click and what is as light; everything else where it is used.
"""
