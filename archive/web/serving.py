"""The server that gives the pages to browsers: a thread a connection, none of them held for ever.

It knows no more of HTTP than the standard library's WSGI server does, which is enough for a person and their browser,
and too little for the internet.
"""

import sys
from collections.abc import Callable
from io import StringIO
from socket import AF_INET, AF_INET6
from socketserver import TCPServer, ThreadingMixIn
from typing import TYPE_CHECKING, Any, Final, TextIO
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

PATIENCE: Final = 20.0
"""Seconds a browser may say nothing, or take nothing, before its connection is closed."""


class _Handler(WSGIRequestHandler):
    """One connection, which is one request: its line and each header are bounded by the standard library."""

    timeout = PATIENCE

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
        super().__init__((host, port), _Handler)
        self.set_app(site)

    def server_bind(self) -> None:
        """Take the port; unlike HTTPServer, nobody's name is looked up for that."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]
        self.setup_environ()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that left, or said nothing for too long, is no news."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)
