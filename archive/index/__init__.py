"""The index: one SQLite file, and every SQL statement of the project.

    connection    opening: one writer, many readers; SQLite's errors translated
    schema        the tables and views as they were first made; migrations: how they came to be as they are
    articles      articles, their revisions and pictures, written as rows
    holdings      what the archive asks of them before it keeps another
    events        captures and what they meant; whether an article was taken down
    queue, runs   what is still to fetch, and what runs did
    rechecks      which kept articles it is time to ask for again
    hosts         when a host was asked lately, and whether it wants to rest
    search        full-text search; apart: the index of all texts, made in a thread of its own
    clusters      near copies; pictures: who shows them
    lookup        what readers ask; guard: SQL that others wrote
    exporting     what an export asks beyond that; browsing: what pages in a browser do
    lost          what is still known of a text that is lost
    rows          rows as values
    audit         what `verify` asks; carried: what only the index knows

Everything but queue, runs and hosts can be made again from the files of the archive.
"""
