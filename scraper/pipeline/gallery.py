"""An old gallery, whose page shows one picture and leaves the others to a script file.

    places            where the script file may be                                          pure
    whole             the page's facts and the script file's pictures, as one article       pure
    clicked_through   the script file asked for, and the gallery with its pictures

Which page is such a gallery, and where its pictures are, is told by `scraper.layouts.static` (`Reading.elsewhere`).
"""

from dataclasses import replace
from typing import Final

from archive.capture import Capture
from archive.state import State
from scraper.errors import Refused, TooHard
from scraper.fetch.fetcher import Fetcher
from scraper.reading import Reading
from scraper.sources.request import Request
from scraper.urls import ArticleUrl
from scraper.worker.pool import WorkerBug, Workers

A_SENTENCE: Final = 20
"""Characters from which on the page's own words are more than an invitation to click."""


def places(elsewhere: str) -> tuple[str, ...]:
    """The addresses the script file may have, the newer name first.

    >>> places("http://ent.qq.com/a/20100926/000132.hdBigPic.js")[1]
    'http://ent.qq.com/a/20100926/000132.hdPic.js'
    """
    return tuple(dict.fromkeys((elsewhere, elsewhere.replace(".hdBigPic.js", ".hdPic.js"))))


def whole(page: Reading, pictures: Reading) -> Reading | None:
    """The gallery as a reader saw it, clicked through; None when the script file holds no pictures."""
    shown, album = page.article, pictures.article
    if pictures.state is not State.OK or shown is None or album is None:
        return None
    words = "\n\n".join(
        block for block in shown.markdown.split("\n\n") if not block.startswith("![")
    )
    text = album.markdown
    if len(words) >= A_SENTENCE and words not in text:
        text = f"{words}\n\n{text}"
    article = replace(shown, markdown=text, images=album.images, title=shown.title or album.title)
    return replace(pictures, article=replace(article, layout=album.layout))


async def clicked_through(
    fetcher: Fetcher, workers: Workers, which: ArticleUrl, page: Reading
) -> tuple[Reading, Capture] | None:
    """A gallery with the pictures that its page leaves to another address; None when they are not there.

    Raises Unreachable and Limited, for they may be there later.
    """
    for address in places(page.elsewhere):
        try:
            capture = await fetcher.ask(Request(url=address))
            pictures = await workers.extract(capture, which)
        except (Refused, TooHard, WorkerBug):
            return None
        if gallery := whole(page, pictures):
            return gallery, capture
    return None
