"""JSON answers of qq.com's list interfaces.  Pure.

They answer with status 200 whatever happens: a busy server says so in the JSON (`{"code": 10001, "message":
"系统繁忙"}`, `{"ret": 404, "msg": "参数错误"}`), and a firewall puts its HTML page where the JSON should be.  Neither
may look like "nothing new".
"""

import json
import re
from codecs import BOM_UTF8
from datetime import datetime
from typing import Any, Final

from archive.article import BEIJING
from archive.capture import Capture
from scraper.errors import Limited, Unreachable

_FIREWALL = re.compile(rb"waf\.tencent\.com|501page\.html|captcha|edgeone", re.IGNORECASE)
_BLOCKED: Final = frozenset({403, 418, 429, 501, 566, 567})
"""Statuses with which the site, or what guards it, wants to be left alone."""

BUSY: Final = "busy"
"""The kind of an Unreachable that the same request may cure."""


def read(answer: Capture) -> dict[str, Any]:
    """The JSON object an interface answered with.

    Raises Limited when a firewall answered, Unreachable (kind `busy`) when the interface reports an error of its own,
    and Unreachable (kind `answer`) when the answer is nothing it ever gave.
    """
    unless_kept_out(answer)
    if answer.status != 200:
        what = f"HTTP {answer.status} instead of a list"
        raise Unreachable(answer.url, what, kind=BUSY if answer.status >= 500 else "answer")
    body = answer.body.removeprefix(BOM_UTF8).strip()
    if not body.startswith((b"{", b"[")):
        unless_firewall(answer)
        kind = "HTML" if body.startswith(b"<") else "something else" if body else "nothing"
        raise Unreachable(answer.url, f"{kind} instead of a list", kind="answer")
    try:
        # Leniently: titles are cut in the middle of a character, and one of them may not cost the whole list.
        told = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise Unreachable(answer.url, f"a damaged list: {error}", kind="answer") from error
    if not isinstance(told, dict):
        raise Unreachable(answer.url, "a list of an unknown shape", kind="answer")
    _objection(answer.url, told)
    return told


def unless_kept_out(answer: Capture) -> None:
    """Raise Limited when the answer's status, or the place it sends us to, says that the site wants no more of us."""
    if answer.status in _BLOCKED:
        raise Limited(answer.url, f"HTTP {answer.status}", wait=None, status=answer.status)
    place = (answer.header("location") or "").encode("latin-1")
    if 300 <= answer.status < 400 and _FIREWALL.search(place):
        what = "sent to the firewall instead of a list"
        raise Limited(answer.url, what, wait=None, status=answer.status)


def unless_firewall(answer: Capture) -> None:
    """Raise Limited when an answer that is no list reads as the page of a firewall or a captcha."""
    if _FIREWALL.search(answer.body[:65536]):
        what = "the firewall answered instead of the list"
        raise Limited(answer.url, what, wait=None, status=answer.status)


def _objection(url: str, told: dict[str, Any]) -> None:
    """Raise when the interface says in its JSON that it did not do what it was asked."""
    for field in ("code", "ret"):
        value = told.get(field)
        if value in (None, 0, "0", ""):
            continue
        said = text(told.get("message")) or text(told.get("msg")) or "no reason given"
        raise Unreachable(url, f"the list answered {field} {value}: {said}", kind=BUSY)


def text(value: object) -> str:
    """A field as one line of text, whatever the answer holds there."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())[:500]


def rows(value: object) -> list[dict[str, Any]]:
    """The objects of a list, whatever the answer holds there."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def others(value: object) -> int:
    """How many entries of a list are no objects."""
    return len(value) - len(rows(value)) if isinstance(value, list) else 0


def moment(value: object) -> datetime | None:
    """Seconds since 1970, as a number or its digits, in Beijing time; None for what is no time of this century."""
    told = text(value)
    if not re.fullmatch(r"[0-9]{9,10}", told, re.ASCII):
        return None
    return datetime.fromtimestamp(int(told), BEIJING)


def beijing(value: object) -> datetime | None:
    """`2026-08-01 08:00:00`, which qq.com means in Beijing time; None for anything else."""
    try:
        return datetime.strptime(text(value), "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
    except ValueError:
        return None
