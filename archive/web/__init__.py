"""An archive in a browser: pages to search and read it, for people without a terminal.  Changes nothing.

site    the pages, as a WSGI application; `serving.Server` gives them to browsers

    application       which page an address means, and who may ask
    asked, replies    one request, taken apart; one answer, with the headers that keep it harmless
    finding           the search page
    reading           one article: its text, history, files and pictures
    overview          what was withdrawn, the timeline, the runs, the feed
    chart             numbers as bars
    dress             templates, and how times are written in them
    rendering         Markdown → HTML that can do no harm
    serving           the server; the one module here that listens on the network

What the pages tell they ask `archive.reader`.  Jinja2, markdown-it-py and nh3 are the extra `serve`.
"""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from archive.errors import QueryError
from archive.reader import Reader

if TYPE_CHECKING:
    from archive.web.application import Application
    from archive.web.asked import Ended

__all__ = ["site"]


def site(
    *,
    opened: Callable[[], Reader],
    hosts: Collection[str],
    ended: "Ended",
    bug: Callable[[Exception], object],
) -> "Application":
    """The pages of an archive.  Raises `QueryError` where the extra `serve` is not installed.

    opened: opens the archive, for each request anew.  hosts: names it answers to beside those of this machine itself.
    ended: how a run ended, in words.  bug: told what should never have happened.
    """
    try:
        import jinja2  # noqa: F401
        import markdown_it  # noqa: F401
        import nh3  # noqa: F401
    except ImportError as error:
        what = "pages need Jinja2, markdown-it-py and nh3"
        raise QueryError(what, hint="pip install 'qqnews[serve]'") from error
    from archive.web.application import Application

    return Application(opened=opened, hosts=hosts, ended=ended, bug=bug)
