"""The network: every request goes through this room, and nothing outside it opens a connection.

What is decided, pure and from the ground up:

    settings     what may be set: hosts, pace, limits, retries
    gate         which addresses may be asked for
    addresses    which machines lie on the public internet
    purposes     what a request is for, and what follows from it
    validators   asking whether a page has changed
    answers      what a status asks of us: take it, try again, slow down
    redirects    where an answer sends us, and when its saying so is the answer
    failures     what a library's error means
    robots       what a robots.txt says
    night        the hours in which anything may be asked

What is done:

    streams      the bytes of a connection
    guard        connects to a checked address, and to no other
    way          straight to one host: a few connections, HTTP over each
    door         the ways to all hosts, the guard inside each; through the proxy, if there is one
    exchange     one request and its answer, bounded in time and size
    retry        one request again, as its failure deserves
    pace         how often a host is asked
    breaker      when a host is left alone
    cost         what all of it cost the site
    observer     who wants to know what goes on
    hosts        what a run knows of each host
    consent      the robots.txt of each site, read once
    fetcher      Fetcher: the facade

`Fetcher` is imported from `scraper.fetch.fetcher`, which loads httpx; `scraper.fetch.settings` does not.
"""

import sys

# httpx would load its own command line too, and with it rich and pygments: a sixth of what `qqnews add` takes to start.
# It does without when that cannot be imported.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
