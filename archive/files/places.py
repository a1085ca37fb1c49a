"""Where everything in an archive stands: each path is made from an id or a hash alone.  Pure."""

import hashlib
import re

INDEX = "qqnews.db"
ARTICLES, REVISIONS, IMAGES, CAPTURES = "articles", "revisions", "images", "captures"
LOST = "lost+found"
TEMPORARY = ".tmp"
MERGED = ".merged"
EXCHANGE = ".exchange"
LOCK = ".lock"
FOLDERS = (ARTICLES, REVISIONS, IMAGES, CAPTURES)

_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
_DATE = r"((?:19|20)\d\d)(0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_DAY = re.compile(rf"[A-Za-z]{{0,4}}{_DATE}|[a-z_]+-{_DATE}\d{{6}}$")


def article_path(id: str) -> str:
    """Where the newest text of an article stands: a function of the id alone.

    >>> article_path("20250207A095R800")
    'articles/2025/02/20250207A095R800.md'
    >>> article_path("wx-3NzY1")
    'articles/wx/cc/wx-3NzY1.md'
    """
    return f"{ARTICLES}/{_shelf(id)}/{id}.md"


def revision_path(id: str, number: int) -> str:
    """Where the n-th text of an article stands once a newer one has taken its place.

    >>> revision_path("20250207A095R800", 1)
    'revisions/2025/02/20250207A095R800/1.md'
    """
    return f"{REVISIONS}/{_shelf(id)}/{id}/{number}.md"


def image_path(sha256: str, extension: str) -> str:
    """Where a picture stands: named by its content.

    >>> image_path("ab12", "jpg")
    'images/ab/ab12.jpg'
    """
    return f"{IMAGES}/{sha256[:2]}/{sha256}.{extension}"


def is_id(word: str) -> bool:
    """Whether a text can stand under this name; what else lies in an archive's folders is none of ours.

    >>> is_id("20250207A095R800"), is_id("._20250207A095R800")
    (True, False)
    """
    return bool(_ID.fullmatch(word))


def article_at(path: str) -> str | None:
    """The id of the article whose newest text stands at a path; None for any other file.

    >>> article_at("articles/2025/02/20250207A095R800.md"), article_at("articles/.DS_Store")
    ('20250207A095R800', None)
    """
    id = path.rpartition("/")[2].removesuffix(".md")
    return id if is_id(id) and path == article_path(id) else None


def root_from(path: str) -> str:
    """The way from a file of the archive to the archive's root, as a link in that file would write it.

    >>> root_from("articles/2025/02/20250207A095R800.md")
    '../../../'
    """
    return "../" * path.count("/")


def deeper(content: bytes) -> bytes:
    """A text as it stands one folder deeper, once a newer one has taken its place: its pictures are a step further."""
    return content.replace(b"](../../../images/", b"](../../../../images/")


def shallower(content: bytes) -> bytes:
    """The same back again."""
    return content.replace(b"](../../../../images/", b"](../../../images/")


def _shelf(id: str) -> str:
    """Two folder levels that keep any one folder small: year and month, or family and two hex digits."""
    if not is_id(id):
        raise ValueError(f"not the id of an article: {id!r}")
    if day := _DAY.match(id):
        return f"{day[1] or day[3]}/{day[2] or day[4]}"
    family, dash, _ = id.partition("-")
    family = family.lower() if dash and family else "other"
    return f"{family}/{hashlib.sha256(id.encode()).hexdigest()[:2]}"


def digest(content: bytes) -> str:
    """The SHA-256 of some bytes, in hex, as `sha256sum` prints it."""
    return hashlib.sha256(content).hexdigest()
