"""The network: every request of the program goes through this room, and nothing outside it opens a connection.

    settings     what may be set: hosts, pace, limits, retries
    guard        which addresses may be asked for and which machines may be reached
    door         the connections: one pool a host, the guard inside each
    exchange     one request and its answer, bounded in time and size
    decoding     gzip with an end
    failures     what a library's error means
    validators   asking whether a page has changed
    redirects    where an answer sends us, and when we do not follow
    answers      what a status asks of us: take it, try again, slow down
    retry        when one request is tried again
    pace         how often a host is asked
    breaker      when a host is left alone
    robots       what a site asks robots not to fetch
    cost         what all of it cost the site
    fetcher      Fetcher: the facade

`Fetcher` is imported from `scraper.fetch.fetcher`, which loads httpx; `scraper.fetch.settings` does not.
"""
