"""The pictures of one article: fetched in parallel, whole or not at all, and never at the article's expense."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from archive.archive import KeptPicture
from archive.article import Image
from archive.capture import Capture, Picture
from scraper.errors import ScraperError
from scraper.pictures import Flaw, PictureSettings, Shape, as_picture, candidates, stand_ins
from scraper.units import duration_text, size_text
from scraper.worker.pool import Workers

AT_ONCE: Final = 6
"""Pictures of one article on their way at once; each is held in memory whole."""

Ask = Callable[[str], Awaitable[Capture]]
"""Fetch the bytes at an address; raises ScraperError."""


@dataclass(slots=True, kw_only=True)
class Album:
    """What came of an article's pictures, by the address its Markdown links to.

    pictures: those that are there.  missing: why each of the others is not.
    """

    pictures: dict[str, Picture | KeptPicture] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


async def gather(
    images: tuple[Image, ...],
    *,
    settings: PictureSettings,
    workers: Workers,
    ask: Ask | None,
    kept: Mapping[str, KeptPicture],
    at_hand: Mapping[str, Capture] | None = None,
) -> Album:
    """Bring together the pictures of an article.

    ask: None to stay off the network.  kept: what the archive has already, by `Image.url`; it is not asked for again.
    at_hand: pictures that came with the page (in a WARC), by address.
    """
    album = Album()
    if not settings.download:
        return album
    album.pictures.update(kept)
    wanted = [image for image in images if image.url not in kept]
    for image in wanted[settings.per_article :]:
        album.missing[image.url] = f"more than {settings.per_article} pictures in one article"
    gathering = _Gathering(settings, workers, ask, at_hand or {})
    await gathering.all(wanted[: settings.per_article], album)
    return album


async def again(
    urls: list[str],
    *,
    settings: PictureSettings,
    workers: Workers,
    ask: Ask | None,
    kept: Mapping[str, KeptPicture],
) -> Album:
    """Try the addresses of missing pictures once more."""
    images = tuple(Image(url=url, renditions=(url,), key=url) for url in urls)
    return await gather(images, settings=settings, workers=workers, ask=ask, kept=kept)


class _Gathering:
    """The pictures of one article on their way; keeps the sum of their sizes."""

    def __init__(
        self,
        settings: PictureSettings,
        workers: Workers,
        ask: Ask | None,
        at_hand: Mapping[str, Capture],
    ) -> None:
        self._settings = settings
        self._workers = workers
        self._ask = ask
        self._at_hand = at_hand
        self._size = 0
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def all(self, images: list[Image], album: Album) -> None:
        found: dict[str, Picture] = {}

        async def one(image: Image) -> None:
            async with self._slots:
                got = await self._one(image)
            if isinstance(got, Picture):
                found[image.url] = got
            else:
                album.missing[image.url] = got

        try:
            async with asyncio.timeout(self._settings.time), asyncio.TaskGroup() as group:
                for image in images:
                    group.create_task(one(image))
        except TimeoutError:
            late = f"not there after {duration_text(self._settings.time)}"
            for image in images:
                if image.url not in found:
                    album.missing.setdefault(image.url, late)
        signs = stand_ins({url: picture.content for url, picture in found.items()})
        for url, picture in found.items():
            if url in signs:
                album.missing[url] = "the host showed its “do not hotlink” sign instead"
            else:
                album.pictures[url] = picture

    async def _one(self, image: Image) -> Picture | str:
        """The picture in its best rendition that can be had, or why there is none."""
        why = ""
        room = self._settings.article_size
        for url in candidates(image, most=self._settings.renditions):
            if self._size >= room:
                return f"more than {size_text(room)} of pictures in one article"
            got = await self._from(url)
            if isinstance(got, Picture):
                if self._size + len(got.content) > room:
                    return f"more than {size_text(room)} of pictures in one article"
                self._size += len(got.content)
                return got
            why = why or got
        return why or "no address to ask"

    async def _from(self, url: str) -> Picture | str:
        """The picture at one address; asked once more when it came damaged."""
        if there := self._at_hand.get(url):
            seen = await self._look(there.body)
            if not isinstance(seen, Flaw):
                return as_picture(url, there.body, seen)
            if self._ask is None:
                return seen.reason
        elif self._ask is None:
            return "not among the saved pictures"
        why = ""
        for _ in range(2):
            try:
                capture = await self._ask(url)
            except ScraperError as error:
                return error.reason
            if capture.status != 200:
                return f"HTTP {capture.status}"
            seen = await self._look(capture.body)
            if not isinstance(seen, Flaw):
                return as_picture(url, capture.body, seen)
            why = seen.reason
            if not seen.passing:
                break
        return why

    async def _look(self, content: bytes) -> Flaw | Shape:
        return await self._workers.look(
            content, pixels=self._settings.pixels, frames=self._settings.frames
        )
