"""Everything that can be set, in one value.  Pure.

    Config    what `config.yaml` holds; the defaults written here are the ones the shipped file states

A section that configures one room is that room's own dataclass; here stand the sections that belong to the program
as a whole.  Nothing below `scraper.pipeline` reads a `Config`: each room is handed its section.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from scraper.config.typed import Kinds
from scraper.fetch.settings import NetworkSettings
from scraper.pictures import PictureSettings
from scraper.sources.author import Author
from scraper.sources.channel import Channel
from scraper.sources.hot import HotList
from scraper.sources.page import ListPage
from scraper.sources.search import SiteSearch
from scraper.sources.sitemap import Sitemap
from scraper.sources.tag import Tag
from scraper.units import Seconds, Size
from scraper.worker.settings import WorkerSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSettings:
    """Where the archive stands and what it keeps.

    captures: whether every answer is kept as it came (WARC); without it, nothing can be extracted anew.
    duplicates: what to do with the same text under another id: `link` records it and points to the kept text, `keep`
    stores it a second time.
    """

    path: Path = Path("data")
    captures: bool = True
    duplicates: Literal["link", "keep"] = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputSettings:
    """How Markdown files look, in the archive and out of it.  profile: one of `archive.profiles`."""

    profile: Literal["mainroad", "plain", "obsidian"] = "mainroad"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """How far one `qqnews run` goes; None is as far as there is work.  max_bytes: received over the network."""

    limit: int | None = None
    max_time: Seconds | None = None
    max_bytes: Size | None = None

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise ValueError("limit must be at least 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckSettings:
    """When `qqnews run` asks again for what is kept.

    after: so long after an article was first kept, or was seen withdrawn; empty is never.  most: articles in one run.
    """

    after: tuple[Seconds, ...] = tuple(3600.0 * hours for hours in (6, 24, 72, 240, 720, 4320))
    most: int = 200

    def __post_init__(self) -> None:
        if not all(self.after):
            raise ValueError("after must be longer than nothing")
        if self.most < 1:
            raise ValueError("most must be at least 1; `after: []` asks for nothing again")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressFile:
    """A file of addresses, one a line (`scraper.sources.addresses`)."""

    name: str
    path: Path


AnySource = Channel | HotList | Author | SiteSearch | Tag | Sitemap | ListPage | AddressFile

TAKEN: Final = frozenset({"add", "repair", "recheck"})
"""How the queue calls where things came from that no list named; a list by such a name would be taken for it."""


def kinds() -> Mapping[str, type]:
    """What `kind` of a source may say."""
    return {
        "channel": Channel,
        "hot": HotList,
        "author": Author,
        "search": SiteSearch,
        "tag": Tag,
        "sitemap": Sitemap,
        "page": ListPage,
        "file": AddressFile,
    }


def _sources() -> dict[str, AnySource]:
    return {
        "hot": HotList(name="hot"),
        "top": Channel(name="top", channel="top"),
        "finance": Channel(name="finance", channel="finance"),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All settings.

    sources: where `qqnews run` looks for new articles, by the name the user gives them.
    freshness: how long a kept article is taken to be what the site shows; `qqnews add` does not ask again before.
    """

    archive: ArchiveSettings = field(default_factory=ArchiveSettings)
    sources: Annotated[dict[str, Any], Kinds(kinds, TAKEN)] = field(default_factory=_sources)
    freshness: Seconds = 6 * 3600.0
    recheck: RecheckSettings = field(default_factory=RecheckSettings)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    pictures: PictureSettings = field(default_factory=PictureSettings)
    worker: WorkerSettings = field(default_factory=WorkerSettings)
    output: OutputSettings = field(default_factory=OutputSettings)
    run: RunSettings = field(default_factory=RunSettings)
