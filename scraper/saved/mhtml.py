"""A page and its pictures as a browser writes them into one file, like a mail: MHTML."""

from datetime import UTC, datetime
from email import message_from_bytes, policy, utils
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from pathlib import Path

from archive.capture import Capture
from scraper.errors import Refused
from scraper.saved.page import Saved, remember
from scraper.saved.told import believed


def in_mhtml(path: Path, content: bytes, *, url: str, at: datetime, now: datetime) -> Saved:
    """The page of an MHTML file, with the pictures in it.

    content: what the file holds.  url: the page's address, where somebody names it.  at: when it was saved, where the
    file does not tell.  Raises Refused for one without a page.
    """
    message = message_from_bytes(content, policy=policy.compat32)
    page: Capture | None = None
    pictures: dict[str, Capture] = {}
    saved = _date(message.get("Date"), now) or at
    for part in message.walk():
        kind = part.get_content_type()
        address = _address(part.get("Content-Location"))
        body = part.get_payload(decode=True)
        if not isinstance(body, bytes):
            continue
        if kind in ("text/html", "application/xhtml+xml") and page is None:
            told = url or _address(message.get("Snapshot-Content-Location")) or address
            page = Capture(
                url=told or path.absolute().as_uri(),
                at=saved,
                body=body,
                headers=(("Content-Type", str(part.get("Content-Type") or "text/html")),),
                origin="file",
            )
        elif kind.startswith("image/") and address.startswith(("http://", "https://")):
            remember(pictures, Capture(url=address, at=saved, body=body, origin="file"))
    if page is None:
        raise Refused(str(path), "an MHTML file without a page in it", kind="type")
    return Saved(path=path, page=page, pictures=pictures)


def _address(header: object) -> str:
    """An address in a header: long ones are folded, or written as encoded words."""
    try:
        text = str(make_header(decode_header(str(header or ""))))
    except (HeaderParseError, UnicodeDecodeError, LookupError, ValueError):
        text = str(header)
    return "".join(text.split())


def _date(header: object, now: datetime) -> datetime | None:
    try:
        date = utils.parsedate_to_datetime(str(header))
    except (ValueError, TypeError, OverflowError):  # the last for a year, or a zone, of many digits
        return None
    return believed(date if date.tzinfo else date.replace(tzinfo=UTC), now=now)
