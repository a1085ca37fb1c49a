"""A browser without a network: asks the pages of an archive as a server would, and reads what they say."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

from selectolax.lexbor import LexborHTMLParser

from archive.reader import Reader
from archive.web import site


@dataclass(frozen=True)
class Page:
    """What came."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def html(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.body.decode())

    @property
    def main(self) -> str:
        """What a reader reads between the pages' head and foot, spaces evened out."""
        (node,) = self.html.css("main")
        return " ".join(node.text().split())

    def links(self, selector: str) -> list[str]:
        return [str(node.attributes["href"]) for node in self.html.css(selector)]


class Browser:
    """Asks the pages of the archive at `root`.  bugs: what the pages told who serves them."""

    def __init__(self, root: Path) -> None:
        self.bugs: list[Exception] = []
        self._site = site(
            opened=lambda: Reader.open(root),
            hosts=["news.lan"],
            ended=lambda run: f"ended with {run['code']}",
            bug=self.bugs.append,
        )

    def get(
        self, address: str, *, method: str = "GET", host: str = "localhost", **headers: str
    ) -> Page:
        """One page.  headers: `if_none_match="…"` and the like."""
        path, _, query = address.partition("?")
        environ: dict[str, Any] = {"SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query}
        setup_testing_defaults(environ)
        environ |= {"REQUEST_METHOD": method, "HTTP_HOST": host}
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        said: list[Any] = []
        answer = validator(self._site)(environ, lambda *words: said.extend(words))
        body = b"".join(answer)
        answer.close()
        return Page(int(said[0][:3]), dict(said[1]), body)
