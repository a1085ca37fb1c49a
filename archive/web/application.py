"""Which page an address means, who may ask for it, and what is said when it cannot be shown.

Application    the pages of an archive as a WSGI application; each request opens the archive anew, so it shows what a
               run wrote a moment ago, and requests may come on any thread
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from time import sleep
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from archive.errors import ArchiveError, DamagedArchive, QueryError
from archive.files import digest
from archive.reader import Reader
from archive.web import finding, overview, reading
from archive.web.asked import Asked, Ended, NotThere
from archive.web.dress import Dress
from archive.web.replies import Reply, stored

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_TEXT: Final = r"/a/([^/@.]+)(?:@([0-9]{1,9}))?"
ROUTES: Final[tuple[tuple[str, Callable[..., Reply]], ...]] = (
    (r"/", finding.search),
    (_TEXT, reading.article),
    (rf"{_TEXT}\.md", reading.markdown),
    (rf"{_TEXT}\.json", reading.json),
    (rf"{_TEXT}/capture", reading.capture),
    (r"/a/([^/@.]+)/history", reading.history),
    (r"/images/([0-9a-f]{2})/([0-9a-f]{64})\.([a-z0-9]{1,5})", reading.picture),
    (r"/gone", overview.gone),
    (r"/timeline", overview.timeline),
    (r"/runs", overview.runs),
    (r"/feed\.xml", overview.feed),
)
"""Address → the page under it, which is given what stands in the parentheses."""

HERE: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""What browsers on this machine call it.  A page elsewhere that has its own name lead here is not one of these."""

PAUSE: Final = 0.3
"""Seconds that are given to a command which is putting one file, or archive, in the place of another."""

_HOST: Final = re.compile(r"(\[[^\]]*\]|[^:]*)(?::[0-9]{1,5})?")
_MOST_FIELDS: Final = 50


class Application:
    """The pages of an archive.  See `archive.web.site` for what it is given."""

    def __init__(
        self,
        *,
        opened: Callable[[], Reader],
        hosts: Collection[str],
        ended: Ended,
        bug: Callable[[Exception], object],
    ) -> None:
        self._opened = opened
        self._hosts = HERE | {host.lower() for host in hosts}
        self._ended = ended
        self._bug = bug
        self._dress = Dress()

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        try:
            reply = self._reply(environ)
        except NotThere:
            reply = self._problem(HTTPStatus.NOT_FOUND, "there is no such page")
        except QueryError as error:
            reply = self._problem(HTTPStatus.NOT_FOUND, str(error))
        except DamagedArchive as error:
            reply = self._problem(HTTPStatus.INTERNAL_SERVER_ERROR, str(error))
        except ArchiveError as error:
            reply = self._problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error))
        except Exception as error:  # one page that fails takes no other with it
            self._bug(error)
            reply = self._problem(HTTPStatus.INTERNAL_SERVER_ERROR, "this is a bug in qqnews")
        start(f"{reply.status.value} {reply.status.phrase}", reply.lines())
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [reply.body]

    def _refused(self, environ: Mapping[str, Any]) -> Reply | None:
        """What is said to those who may not ask, or ask for more than a page; None to all others."""
        name = _HOST.fullmatch(str(environ.get("HTTP_HOST", "")).lower())
        if not name or name[1] not in self._hosts:
            return self._problem(
                HTTPStatus.MISDIRECTED_REQUEST,
                "this address is not one that is served — qqnews serve --name names it",
            )
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._problem(
                HTTPStatus.METHOD_NOT_ALLOWED, "pages can only be read", ("Allow", "GET, HEAD")
            )
        return None

    def _reply(self, environ: Mapping[str, Any]) -> Reply:
        if refused := self._refused(environ):
            return refused
        path, marks = environ["PATH_INFO"], str(environ.get("HTTP_IF_NONE_MATCH", ""))
        if path == "/style.css":
            style = self._dress.style
            return stored(lambda: style, "text/css", mark=digest(style), asked=marks)
        page, words = _page_at(path)
        try:
            pairs = parse_qsl(environ["QUERY_STRING"], max_num_fields=_MOST_FIELDS)
        except ValueError:
            return self._problem(HTTPStatus.BAD_REQUEST, "too much is asked at once")

        def answered() -> Reply:
            with self._opened() as reader:
                asked = Asked(
                    reader=reader,
                    dress=self._dress,
                    fields=dict(pairs),
                    base=f"http://{environ['HTTP_HOST']}",
                    marks=marks,
                    now=datetime.now(UTC),
                    ended=self._ended,
                )
                return page(asked, *words)

        try:
            return answered()
        except DamagedArchive:
            # A newer text, or a whole archive, may have been put there between two looks.
            sleep(PAUSE)
            return answered()

    def _problem(self, status: HTTPStatus, what: str, *headers: tuple[str, str]) -> Reply:
        """Why there is nothing else to show, in the dress of all pages."""
        body = self._dress.page("problem.html", status=status, what=what)
        return Reply(body=body, status=status, headers=(("Cache-Control", "no-store"), *headers))


def _page_at(path: str) -> tuple[Callable[..., Reply], list[str]]:
    """The page under an address, and the words of the address that it is given.  Raises NotThere."""
    for pattern, page in ROUTES:
        if found := re.fullmatch(pattern, path):
            return page, [word or "" for word in found.groups()]
    raise NotThere
