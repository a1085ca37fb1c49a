"""One request, taken apart, with all it takes to answer it.

Asked      what was asked for, and of what
NotThere   nothing is under that address
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from archive.reader import Reader
from archive.web.dress import Dress
from archive.web.replies import Reply

Ended = Callable[[dict[str, Any]], str]
"""How a run, a row of the table `runs`, ended, in words."""

_PAGE: Final = re.compile("[1-9][0-9]{0,3}")


class NotThere(Exception):
    """Nothing is under that address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request.  reader: the archive, open until it is answered.

    fields: what follows the `?`.  base: where the pages are, as the browser calls it.  marks: `If-None-Match`.
    """

    reader: Reader
    dress: Dress
    fields: Mapping[str, str]
    base: str
    marks: str
    now: datetime
    ended: Ended

    def field(self, name: str) -> str:
        """What was filled in there; empty for nothing."""
        return self.fields.get(name, "").strip()

    @property
    def page(self) -> int:
        """Which page of a long list is asked for, from 1."""
        word = self.field("page") or "1"
        if not _PAGE.fullmatch(word):
            raise NotThere
        return int(word)

    def shown(self, template: str, status: HTTPStatus = HTTPStatus.OK, **values: object) -> Reply:
        """A page made from a template."""
        return Reply(body=self.dress.page(template, **values), status=status)
