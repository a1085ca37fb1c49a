"""`qqnews serve`: the archive in a browser."""

import errno
import re
from collections.abc import Callable
from ipaddress import ip_address
from threading import Thread
from typing import TYPE_CHECKING, Final

import click

from scraper.cli import Terminated, failed
from scraper.cli.commands.finding import open_reader
from scraper.cli.exits import Exit
from scraper.cli.invocation import Command, Invocation, pass_invocation

if TYPE_CHECKING:
    from archive.web.application import Application
    from archive.web.serving import Server

_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,253}")
_IPV6: Final = re.compile(r"(?=[^:]*:[^:]*:)[0-9A-Fa-f:.]{2,45}(?:%[A-Za-z0-9._-]{1,20})?")


@click.command("serve", cls=Command)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Where to listen; anywhere but on this machine itself lets others read.",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="NAME",
    help="Another name or address that browsers may call it by; may be repeated.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    help="0 for any that is free.",
)
@click.option("--open", "browser", is_flag=True, help="Open it in the browser.")
@pass_invocation
def serve(
    invocation: Invocation, host: str, names: tuple[str, ...], port: int, browser: bool
) -> int:
    """Read and search the archive in a browser.

    Pages on this machine alone, which only read; a run may write meanwhile. Nothing in them comes from elsewhere.
    Ctrl-C ends it, with 130. Needs pip install 'qqnews[serve]'.

    \b
    qqnews serve
    qqnews serve --port 0 --open
    qqnews serve --host 0.0.0.0 --name news.lan
    """
    from archive.web import site
    from scraper.cli.commands.queueing import ended_text

    talk = invocation.talk
    called = [_as_called(one) for one in (*names, host) if one]
    pages = site(
        opened=lambda: open_reader(invocation),
        hosts=called,
        ended=ended_text,
        bug=lambda error: failed(error, invocation),
    )
    open_reader(
        invocation
    ).close()  # what is wrong with the archive is told here, not on every page
    with _listening(host, port, pages, talk.tell) as server:
        if ip_address(server.server_name).is_unspecified and not names:
            # Pages answer to the name they are asked by, so that no other name can be made to lead here.
            raise click.UsageError(
                f"--host {host} is every address of this machine — name one, or say with --name what it is called"
            )
        address = f"http://{called[0]}:{server.server_port}/"
        if not ip_address(server.server_name).is_loopback:
            talk.warn(
                f"whoever reaches {host or 'this machine'} can read the whole archive; nobody is asked who they are"
            )
        talk.say(f"{invocation.root} is at {address} — Ctrl-C ends it")
        if browser:
            _open(address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return Exit.INTERRUPTED
        except Terminated:
            return Exit.TERMINATED
    return Exit.DONE


def _listening(
    host: str, port: int, pages: "Application", heard: Callable[[str], None]
) -> "Server":
    """The server, its port taken."""
    from archive.web.serving import Server

    try:
        return Server(host, port, pages, heard=heard)
    except OSError as error:
        reasons = {
            errno.EADDRINUSE: f"port {port} is taken — name another with --port, or 0 for any that is free",
            errno.EACCES: f"port {port} is not for every user — name one above 1023 with --port",
        }
        nowhere = (
            f"this machine has no address {host} — leave out --host to serve this machine alone"
        )
        raise click.UsageError(reasons.get(error.errno or 0, nowhere)) from error


def _as_called(name: str) -> str:
    """A name or address as browsers write it where they say whom they ask."""
    if _IPV6.fullmatch(name):
        return f"[{name}]"
    if not _NAME.fullmatch(name):
        raise click.UsageError(
            f"{name} is no name of a machine — write it without http:// and port, like news.lan"
        )
    return name


def _open(address: str) -> None:
    """Show it in the browser of this person, who may have one that holds up whoever calls it."""
    import webbrowser

    Thread(target=webbrowser.open, args=(address,), daemon=True).start()
