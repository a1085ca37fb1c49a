"""The pictures of one article: fetched in parallel, whole or not at all, and never at the article's expense."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from archive.archive import TRIES, Archive, KeptPicture, Saved
from archive.article import Image
from archive.capture import Capture, Picture
from scraper.errors import Limited, Refused, Unreachable
from scraper.fetch.fetcher import Fetcher
from scraper.pictures import Flaw, PictureSettings, Shape, as_picture, candidates, stand_ins
from scraper.pipeline.aside import Aside
from scraper.saved import AtHand
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


class Illustrator:
    """Brings the pictures of articles together, and into the archive.

    fetcher: None to stay off the network.  aside: how the archive is asked.
    """

    def __init__(
        self,
        archive: Archive,
        fetcher: Fetcher | None,
        workers: Workers,
        aside: Aside,
        settings: PictureSettings,
    ) -> None:
        self._archive = archive
        self._fetcher = fetcher
        self._workers = workers
        self._aside = aside
        self._settings = settings

    async def gather(
        self,
        images: tuple[Image, ...],
        *,
        page: str = "",
        at_hand: AtHand | None = None,
        online: bool = True,
    ) -> Album:
        """The pictures of one article; those that the archive has are not asked for again.

        page: the address they stand on.  at_hand: pictures that came with it.
        online: whether others may be fetched.
        """
        album = Album()
        if not self._settings.download:
            return album
        album.pictures.update(await self._aside.look(self._kept, images))
        wanted = [image for image in images if image.url not in album.pictures]
        most = self._settings.per_article
        for image in wanted[most:]:
            album.missing[image.url] = f"more than {most} pictures in one article"
        ask = self._from_web(page) if online else None
        gathering = _Gathering(self._settings, self._workers, ask, at_hand or {})
        await gathering.all(wanted[:most], album)
        return album

    async def again(
        self,
        article: str,
        urls: Iterable[str],
        *,
        page: str = "",
        at_hand: AtHand | None = None,
        online: bool = True,
    ) -> int:
        """Try an article's missing pictures once more; gives how many came."""
        images = tuple(_image(url) for url in urls)
        if not images or not self._settings.download:
            return 0
        album = await self.gather(images, page=page, at_hand=at_hand, online=online)
        return await self._aside(
            self._archive.add_pictures,
            article,
            pictures=album.pictures,
            missing=album.missing if online else {},
        )

    async def complete(
        self,
        saved: Saved,
        *,
        page: str = "",
        at_hand: AtHand | None = None,
        online: bool = True,
    ) -> Saved:
        """Try the pictures again that an unchanged article lacks; the parameters are those of `gather`.

        Without the network, those that are not at hand were not tried.
        """
        wanting = await self._aside.look(
            self._archive.wanting, of=saved.id, tries=TRIES if online else sys.maxsize
        )
        lacking = [url for _, url, _ in wanting]
        came = await self.again(saved.id, lacking, page=page, at_hand=at_hand, online=online)
        return replace(saved, images=saved.images + came, missing=saved.missing - came)

    def _kept(self, images: tuple[Image, ...]) -> dict[str, KeptPicture]:
        """The pictures that the archive has, in whatever rendition, by the address the Markdown links to."""
        kept = self._archive.pictures(
            {url for image in images for url in (image.url, *image.renditions)}
        )
        return {
            image.url: kept[there]
            for image in images
            if (there := next((url for url in (image.url, *image.renditions) if url in kept), None))
        }

    def _from_web(self, page: str) -> Ask | None:
        fetcher = self._fetcher
        if fetcher is None:
            return None

        async def ask(url: str) -> Capture:
            return await fetcher.picture(url, referer=page or None)

        return ask


def _image(url: str) -> Image:
    """A picture of which only the linked address is left; its host's grammar tells the better ones."""
    # Layouts are the worker's to load; here they are seldom needed.
    from scraper.layouts import renditions

    known = renditions.picture(url)
    return replace(known, url=url) if known else Image(url=url, renditions=(url,), key=url)


class _Gathering:
    """The pictures of one article on their way; keeps the sum of their sizes."""

    def __init__(
        self,
        settings: PictureSettings,
        workers: Workers,
        ask: Ask | None,
        at_hand: AtHand,
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
        too_much = f"more than {size_text(self._settings.article_size)} of pictures in one article"
        if self._size >= self._settings.article_size:
            return too_much
        got = await self._from_hand(image)
        if not isinstance(got, Picture) and self._ask:
            got = await self._from_web(image, self._ask)
        if isinstance(got, Picture):
            if self._size + len(got.content) > self._settings.article_size:
                return too_much
            self._size += len(got.content)
        return got

    async def _from_hand(self, image: Image) -> Picture | str:
        """The picture that came with the page, in whatever size that was."""
        there = self._at_hand.get(image.key)
        if there is None:
            return "not among the saved pictures"
        seen = await self._look(there.body)
        return seen.reason if isinstance(seen, Flaw) else as_picture(there.url, there.body, seen)

    async def _from_web(self, image: Image, ask: Ask) -> Picture | str:
        """The picture in its best rendition that the host gives."""
        why = ""
        for url in candidates(image, most=self._settings.renditions):
            try:
                got = await self._from(url, ask)
            except (Unreachable, Limited) as error:
                return error.reason  # the host would say the same of the other sizes
            if isinstance(got, Picture):
                return got
            why = why or got
        return why or "no address to ask"

    async def _from(self, url: str, ask: Ask) -> Picture | str:
        """The picture at one address; asked once more when it came damaged.  Raises Unreachable, Limited."""
        why = ""
        for _ in range(2):
            try:
                capture = await ask(url)
            except Refused as error:
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
