"""Two archives of invented articles that saw different things at different times, to be merged."""

from collections.abc import Callable
from pathlib import Path

from archive.archive import Archive
from archive.state import State
from tests.archive.newsroom import (
    article,
    capture,
    dump,
    open_archive,
    picture,
    text,
)

Step = Callable[[Archive], object]


def keep(number: int, body: int, minutes: float, **facts: object) -> Step:
    """The step of keeping an article with a text, at a time; the article shows a picture."""
    shown = picture(number)
    one = article(number, body=text(body), pictures=(shown,), **facts)
    return lambda archive: archive.keep(
        one, capture=capture(one, minutes=minutes), pictures={shown.url: shown}, rule="rain"
    )


def gone(number: int, minutes: float) -> Step:
    """The step of seeing that an article was taken down."""
    one = article(number)
    return lambda archive: archive.note(
        id=one.id,
        address=one.url,
        state=State.GONE,
        rule="redirect",
        capture=capture(one, minutes=minutes, status=302, body=b""),
    )


OURS: list[tuple[float, Step]] = [
    (1, keep(1, 1, 1)),
    (4, keep(1, 3, 4)),
    (5, keep(2, 20, 5)),
    (9, keep(4, 40, 9)),
    (12, gone(3, 12)),
]
THEIRS: list[tuple[float, Step]] = [
    (2, keep(1, 2, 2)),
    (3, keep(3, 20, 3, outlet="山城晚报")),
    (8, keep(1, 3, 8)),
    (10, gone(2, 10)),
    (11, keep(4, 40, 11)),
]


def archive_of(root: Path, steps: list[tuple[float, Step]], **settings: object) -> Path:
    with open_archive(root, **settings) as archive:
        for _, step in sorted(steps, key=lambda one: one[0]):
            step(archive)
    return root


def facts(root: Path) -> dict[str, list[dict[str, object]]]:
    """What the index says, but for where in which capture file something lies."""
    placed = {"path", "offset", "end"}
    told = dump(root)
    del told["warc_files"]
    told["captures"] = [
        {name: value for name, value in row.items() if name not in placed}
        for row in told["captures"]
    ]
    return told
