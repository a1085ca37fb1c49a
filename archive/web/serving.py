"""The server that gives the pages to browsers: a thread a connection, so many of them, and none held for ever.

It knows no more of HTTP than the standard library's WSGI server does, which is enough for a person and their browser,
and too little for the internet.
"""

import re
import sys
from collections.abc import Callable
from contextlib import suppress
from io import StringIO
from socket import AF_INET, AF_INET6, SHUT_RDWR, socket
from socketserver import TCPServer, ThreadingMixIn
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, TextIO
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

PATIENCE: Final = 20.0
"""Seconds in which a browser must have said what it wants, and for which it may take nothing of the answer."""

SLOWEST: Final = 600.0
"""Seconds in which it must have taken all of the answer: a page as it came, over a poor line."""

MOST: Final = 100
"""Connections at once; a browser opens six.  What comes beyond them is closed."""

_WHOLE_ADDRESS: Final = re.compile("https?://(?P<host>[^/?#]*)(?P<rest>.*)", re.IGNORECASE)


class _Handler(WSGIRequestHandler):
    """One connection, which is one request: its line and each header are bounded by the standard library."""

    timeout = PATIENCE

    def parse_request(self) -> bool:
        """Read the request; from then on it is the answer that takes time."""
        whole = super().parse_request()
        assert isinstance(self.server, Server)
        self.server.wait_for(self.connection, SLOWEST)
        if whole and (target := _WHOLE_ADDRESS.fullmatch(self.path)):
            # As a proxy asks; then this is the host that is meant, whatever else is said (RFC 9112, 3.2.2).
            self.path = f"/{target['rest'].removeprefix('/')}"
            del self.headers["Host"]
            self.headers["Host"] = target["host"]
        return whole

    def get_stderr(self) -> TextIO:
        """Nowhere: what goes wrong in a page is told by the application, and the rest is a browser that left."""
        return StringIO()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """What was asked for and answered, for who wants to know."""
        assert isinstance(self.server, Server)
        self.server.heard(format % args)


class Server(ThreadingMixIn, WSGIServer):
    """The pages at a host and port; listens as soon as it is made.  Raises OSError.

    heard: told each request in a line.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(
        self, host: str, port: int, site: "WSGIApplication", *, heard: Callable[[str], None]
    ) -> None:
        self.address_family = AF_INET6 if ":" in host else AF_INET
        self.heard = heard
        self._ends: dict[socket, float] = {}
        super().__init__((host, port), _Handler)
        self.set_app(site)

    def server_bind(self) -> None:
        """Take the port; unlike HTTPServer, nobody's name is looked up for that."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]
        self.setup_environ()

    def wait_for(self, connection: socket, seconds: float) -> None:
        """Close a connection when that long has passed from now, whatever it is doing."""
        self._ends[connection] = monotonic() + seconds

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ARG002
        """Whether there is a thread for one connection more."""
        return len(self._ends) < MOST

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer it, on a thread of its own."""
        self.wait_for(request, PATIENCE)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection."""
        self._ends.pop(request, None)
        super().shutdown_request(request)

    def service_actions(self) -> None:
        """Twice a second and at each connection: end those whose time is over; their threads hear of it."""
        now = monotonic()
        for connection, end in list(self._ends.items()):
            if end < now:
                with suppress(OSError):  # it is closing already
                    connection.shutdown(SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that left, or said nothing for too long, is no news."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)
