"""How the pages look: templates, the style sheet, and how times are written.

Every value that a template writes is escaped, unless `archive.web.rendering` made it; a name that does not exist is an
error.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from archive.article import BEIJING

_FOLDER: Final = Path(__file__).with_name("templates")


class Dress:
    """The templates, read once."""

    def __init__(self) -> None:
        self.style = (_FOLDER / "style.css").read_bytes()
        self._templates = Environment(
            loader=FileSystemLoader(_FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.filters |= {"when": when, "query": query}
        self._templates.tests["on_the_web"] = on_the_web

    def page(self, template: str, **values: object) -> bytes:
        """A page made from a template."""
        return self._templates.get_template(template).render(values).encode("utf-8", "replace")


def when(stamp: str | datetime) -> str:
    """A moment as a clock in Beijing shows it.

    >>> when("2026-02-07T04:00:00+00:00")
    '2026-02-07 12:00'
    """
    moment = datetime.fromisoformat(stamp) if isinstance(stamp, str) else stamp
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def on_the_web(address: str) -> bool:
    """Whether an address may be linked to: a saved page may name any, or none."""
    return address.startswith(("https://", "http://"))


def query(fields: Mapping[str, object], **others: object) -> str:
    """Fields as they follow the `?` of an address, those that are empty left out.

    >>> query({"q": "杭州", "tag": ""}, page=2)
    'q=%E6%9D%AD%E5%B7%9E&page=2'
    """
    said = {name: value for name, value in {**fields, **others}.items() if value}
    return urlencode(said, errors="replace")
