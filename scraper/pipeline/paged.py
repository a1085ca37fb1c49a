"""An old article on several pages, read as one.

    joined     the readings of its pages, as one reading                                        pure
    fetched    its later pages, asked for
    kept_later its later pages, as far as the archive has them
    read_on    its first page, and those later ones, as one reading
    reread     a kept page as it reads today, with the later ones that are kept

Which page is whose is told by `scraper.layouts.static` (`Reading.page`, `Reading.pages`).  The text goes by the capture
of the first page; the others are kept beside it, in the state `part`.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from archive.article import Article, Image, Video
from archive.capture import Capture
from archive.pages import Pages
from archive.state import State
from scraper.errors import Refused, TooHard, Unreachable
from scraper.fetch.fetcher import Fetcher
from scraper.reading import Reading
from scraper.urls import ArticleUrl, article_at
from scraper.urls.pages import page_of
from scraper.worker.pool import WorkerBug, Workers


@dataclass(frozen=True, slots=True)
class Later:
    """Another page of an article, and what it says."""

    capture: Capture
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """An article on all its pages.  capture: the page that its text goes by.  beside: the other pages of it."""

    reading: Reading
    capture: Capture
    beside: tuple[Later, ...] = ()


def is_first(reading: Reading) -> bool:
    """Whether it is the first page of an article that goes on elsewhere."""
    return reading.state is State.OK and len(reading.pages) > 1 and reading.page == 0


def joined(first: Reading, later: Mapping[int, Reading]) -> Reading:
    """The article on all its pages; the rule says which of them are not here.

    later: number → what stands there.  A page that is no article, another one, or says what an earlier one said is not
    taken.
    """
    assert first.article is not None
    pages: list[Article] = [first.article]
    missing: list[str] = []
    for number in range(1, len(first.pages)):
        reading = later.get(number)
        if reading is None or not _goes_on(reading, number, pages):
            missing.append(str(number + 1))
        elif reading.article is not None:
            pages.append(reading.article)
    told = f", without {', '.join(missing)}" if missing else ", and all others"
    return replace(first, rule=first.rule + told, article=_as_one(pages))


def _goes_on(reading: Reading, number: int, pages: list[Article]) -> bool:
    """Whether a reading is that of a later page, and says what no earlier one did."""
    article = reading.article
    if reading.state is not State.OK or article is None or reading.page != number:
        return False
    return article.markdown not in (page.markdown for page in pages)


def _as_one(pages: list[Article]) -> Article:
    images: dict[str, Image] = {}
    videos: dict[str, Video] = {}
    for page in pages:
        images = {image.url: image for image in page.images} | images
        videos = {video.key: video for video in page.videos} | videos
    return replace(
        pages[0],
        markdown="\n\n".join(page.markdown for page in pages),
        images=tuple(images.values()),
        videos=tuple(videos.values()),
        editor=next((page.editor for page in pages if page.editor), ""),
    )


async def fetched(
    fetcher: Fetcher,
    workers: Workers,
    which: ArticleUrl,
    capture: Capture,
    first: Reading,
    known: Mapping[int, Capture],
) -> Whole:
    """An article of which the first page was read, on all its pages.

    known: number → a later page as it was kept before, for what cannot be had any more.
    Raises Limited, for then all of it may be had later.
    """
    if first.on_one_page:
        for page in await _asked(fetcher, workers, which, (first.on_one_page,)):
            if _is_more(page.reading, first):
                return Whole(
                    reading=page.reading, capture=page.capture, beside=(Later(capture, first),)
                )
    found = await _asked(fetcher, workers, which, first.pages[1:])
    later = {page.reading.page: page for page in found if page.reading.state is State.OK}
    lost = {number: page for number, page in known.items() if number not in later}
    readings = {number: page.reading for number, page in later.items()}
    reading = await read_on(workers, which, first, lost, readings)
    beside = tuple(page for number, page in later.items() if number)
    return Whole(reading=reading, capture=capture, beside=beside)


async def _asked(
    fetcher: Fetcher, workers: Workers, which: ArticleUrl, addresses: Iterable[str]
) -> list[Later]:
    """What stands at these addresses, as far as it can be had."""
    found: list[Later] = []
    for address in addresses:
        try:
            capture = await fetcher.page(address)
            if not _is_of(which, capture):
                continue
            found.append(Later(capture, await workers.extract(capture, which)))
        except Unreachable:
            break  # it was tried several times, and the others stand on the same host
        except (Refused, TooHard, WorkerBug):
            continue
    return found


def _is_of(which: ArticleUrl, capture: Capture) -> bool:
    """Whether an answer came from an address of the article: the site may have led us to another one."""
    there = article_at(capture.url)
    return there is not None and there.id == which.id


def _is_more(reading: Reading, first: Reading) -> bool:
    if reading.state is not State.OK or reading.article is None or first.article is None:
        return False
    return len(reading.article.markdown) > len(first.article.markdown)


def kept_later(first: Reading, pages: Pages) -> dict[int, Capture]:
    """Number → the newest kept capture of each later page."""
    records = {page_of(address): record for address, record in pages.newest().items()}
    read = {
        number: pages.read(records[number])
        for number in range(1, len(first.pages))
        if number in records
    }
    return {number: capture for number, capture in read.items() if capture}


async def read_on(
    workers: Workers,
    which: ArticleUrl | None,
    first: Reading,
    later: Mapping[int, Capture],
    read: Mapping[int, Reading] | None = None,
) -> Reading:
    """An article of which the first page was read, with those later ones.  read: others that were read already."""
    readings = dict(read or {})
    for number, capture in later.items():
        with suppress(TooHard, WorkerBug):
            readings[number] = await workers.extract(capture, which)
    return joined(first, readings)


async def reread(
    workers: Workers, which: ArticleUrl | None, capture: Capture, pages: Pages
) -> Reading:
    """A kept page as it reads today; an article that begins on it with those later ones that are kept.

    pages: those kept of its article.  Raises TooHard and WorkerBug.
    """
    reading = await workers.extract(capture, which)
    if is_first(reading):
        return await read_on(workers, which, reading, kept_later(reading, pages))
    return reading
