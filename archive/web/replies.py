"""Answers to a browser, and the headers that keep them harmless.  Pure.

Reply       status, kind, headers and bytes
stored      something that changes only under another name, or is asked for again with its mark
download    a file to be saved, never to be shown
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from archive.files import digest

HTML: Final = "text/html; charset=utf-8"

GUARDS: Final = (
    (
        "Content-Security-Policy",
        "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; frame-ancestors 'none';"
        " base-uri 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
"""What every answer says: nothing runs, nothing comes from elsewhere, nobody frames it or reads it from outside."""

SANDBOX: Final = ("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
"""What is said instead with bytes that came from the site."""

FOR_EVER: Final = "private, max-age=31536000, immutable"
ASK_AGAIN: Final = "no-cache"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer.  headers: beside `GUARDS`, or in the place of those of the same name."""

    body: bytes
    media: str = HTML
    status: HTTPStatus = HTTPStatus.OK
    headers: tuple[tuple[str, str], ...] = (("Cache-Control", ASK_AGAIN),)

    def lines(self) -> list[tuple[str, str]]:
        """All its headers."""
        said = dict(GUARDS) | dict(self.headers)
        if self.status != HTTPStatus.NOT_MODIFIED:
            said |= {"Content-Type": self.media, "Content-Length": str(len(self.body))}
        return list(said.items())


def stored(
    made: Callable[[], bytes], media: str, *, mark: str, asked: str, cache: str = ASK_AGAIN
) -> Reply:
    """Bytes under a mark that is theirs alone; not even made where the browser has them already.

    asked: the marks it has (`If-None-Match`).
    """
    tag = f'"{mark}"'
    headers = (("Cache-Control", cache), ("ETag", tag))
    known = {one.strip().removeprefix("W/") for one in asked.split(",")}
    if known & {tag, "*"}:
        return Reply(body=b"", media=media, status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Reply(body=made(), media=media, headers=headers)


def sandboxed(reply: Reply) -> Reply:
    """The same, shut in should it ever be opened as a page."""
    return replace(reply, headers=(*reply.headers, SANDBOX))


def download(body: bytes, *, name: str, media: str = "application/octet-stream") -> Reply:
    """A file to be saved under a name, which must be plain ASCII."""
    headers = (
        ("Content-Disposition", f'attachment; filename="{name}"'),
        ("Cache-Control", ASK_AGAIN),
        ("ETag", f'"{digest(body)}"'),
    )
    return sandboxed(Reply(body=body, media=media, headers=headers))
