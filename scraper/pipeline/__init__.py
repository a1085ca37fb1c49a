"""The story of an article, of many, and of a run.

    outcome    Outcome: what came of one address; Summary: of many                 pure
    collect    Collector: one article, from its address to the archive
    conclude   Outcomes, from what a page was and what the archive made of it      pure
    freshness  whether it was looked at so lately that it is left alone            pure
    album      the pictures of one article
    gallery    an old gallery: its page, and the script file with its pictures
    paged      an old article on several pages, read as one
    aside      the archive's work beside the event loop
    many       many addresses at once, in flat memory
    saved      pages that somebody has already: files and WARC records
    polling    one source, and what its answers lead to
    run        sources → queue → articles, until done, bound or stopped
    recheck    kept articles asked for again: edits, and what was taken down
    reextract  kept captures through today's extractor
    lost       kept pages read again for texts that were lost
    later      when what failed is tried again                                     pure
    waiting    what failed, in the queue until then
    stop       asking a run to stop, once kindly, twice firmly
    habit      whether a source has fallen silent                                  pure

How things are fetched, read and kept is told elsewhere (`scraper.fetch`, `scraper.extract`, `archive`); here
stands what is done with them, in which order, and what a failure costs.
"""
