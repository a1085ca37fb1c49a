"""What settings name beyond themselves, looked at before a run has to find it out.

    problems    what a run could not use, or would not ask, one line each

That the values themselves make sense is seen when they are read; files may come and go, and most commands need none.
"""

from collections.abc import Iterator

from scraper.config.settings import AddressFile, Config
from scraper.errors import ConfigError, Refused
from scraper.fetch import gate, purposes
from scraper.fetch.door import through, trust
from scraper.fetch.purposes import Purpose
from scraper.sources.page import ListPage
from scraper.sources.sitemap import Sitemap


def problems(config: Config) -> Iterator[str]:
    """What a run with these settings would miss; nothing when all is there."""
    for look in (lambda: trust(config.network.ca_file), lambda: through(config.network.proxy)):
        try:
            look()
        except ConfigError as error:
            yield str(error)
    allowed = purposes.hosts(Purpose.LIST, config.network)
    for source in config.sources.values():
        if isinstance(source, ListPage | Sitemap):
            try:
                gate.admit(source.url, config.network, hosts=allowed)
            except Refused as error:
                yield f"sources.{source.name}.url: {error}"
        if isinstance(source, AddressFile):
            try:
                source.path.open("rb").close()
            except OSError as error:
                yield f"sources.{source.name}.path: {source.path} cannot be read: {error.strerror}"
