"""Who wrote an article of unknown making.  Pure.

    author(page, says, near, medium)   the person, from the most reliable place that names one

JSON-LD, the byline and the `<meta>` that only authors stand in are believed if what they name can be a person.
`<meta name="author">` and elements that are called so name the site, an account or a guest as often: of them only a
full name is believed, and only where another place agrees or none disagrees.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from scraper.layouts.facts import line, mapping
from scraper.layouts.generic.facts import LONGEST_TITLE, SITE, SPACE, Stated
from scraper.page import Page

_AUTHORS = ("article:author", "og:article:author", "dc.creator", "byl")
"""Not `author` itself: Chinese sites put the site or the editor on duty there."""
_SHOWN_AUTHOR = re.compile(
    rf"(?:作者|(?:^|[\s|【])(?:记者|撰文|文)){SPACE}[:：/]{SPACE}"
    rf"(?:[\u4e00-\u9fff·《》]{{0,16}}(?:作者|记者|撰稿人|评论员){SPACE})?"
    r"([\u4e00-\u9fff·]{2,8}|[A-Z][A-Za-z. ]{2,30})(?:$|[\s|，,】])"
)
_NOT_A_PERSON = re.compile(
    r"https?:|\.com|\.cn|网$|新闻$|admin|editor|编辑部?$|佚名|未知|^\W*\d+\W*$|财经$|科技$|整理$|作者$|记者$",
    re.IGNORECASE,
)
_BY = re.compile(r"by\s+(?=\S)", re.IGNORECASE)
_BYLINE = re.compile(r"^by\s+[^\W\d_].{2,80}$", re.IGNORECASE | re.MULTILINE)
_FULL_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [\w.'’-]+){0,3} [^\W\d_][\w.'’-]+")
"""A name of two to five words, as sites and accounts seldom have; whether they begin with capitals is asked beside."""
_A_GROUP = re.compile(
    r"the |.*\b(?:team|staff|desk|newsroom|news|sports?|media|group|community|guest)\b|.*\w\.\w{2,4}$",
    re.IGNORECASE,
)
"""Names of several words that are no person's: desks of a site, and sites."""
_ELEMENTS = '[itemprop~="author"], .author-name'
_BYLINES = '[class*="byline"]'
_LONGEST_BYLINE = 300
_MOST_ELEMENTS = 20
_COMMENT = re.compile(r"comment|review|related", re.IGNORECASE)


def author(page: Page, says: Stated, near: str, medium: str) -> str:
    """Who wrote it; a site, an address or a number is nobody.

    near: what stands between the headline and the text.  medium: the outlet, which some pages repeat here.
    """
    shown = _SHOWN_AUTHOR.search(near)
    author_meta = "" if says.by_qq else says.meta(*_AUTHORS)
    nobody = {medium, says.meta("og:site_name")}
    for name in (_in_data(says), shown[1] if shown else "", author_meta):
        if person := _person(name, says, nobody):
            return person
    if says.by_qq:
        return ""
    for name in (_by_property(page), _agreed(says, near), _in_elements(page)):
        person = _person(_without_medium(name, nobody), says, nobody)
        if person and _is_full_name(person) and not _by_another(page, near, person):
            return person
    return ""


def _person(name: str, says: Stated, nobody: set[str]) -> str:
    """The name without what introduces it, if it can be a person's; else nothing."""
    person = _BY.sub("", name, count=1) if _BY.match(name) else name
    if (
        2 <= len(person) <= 60
        and person not in nobody
        and not _NOT_A_PERSON.search(person)
        and not _names_site(says.title, person)
    ):
        return person
    return ""


def _in_data(says: Stated) -> str:
    """The names that JSON-LD states."""
    named = says.data.get("author")
    people = named if isinstance(named, list) else [named]
    names = [
        line(mapping(person).get("name") or (person if isinstance(person, str) else ""))
        for person in people[:5]
        if not str(mapping(person).get("@type")).endswith("Organization")
    ]
    return "、".join(dict.fromkeys(filter(None, names)))


def _by_property(page: Page) -> str:
    """What `<meta property="author">` names, which is written for this page, as `og:title` is."""
    node = page.tree.css_first('meta[property="author"]')
    return line(node.attributes.get("content")) if node else ""


def _agreed(says: Stated, near: str) -> str:
    """What `<meta name="author">` names, if JSON-LD names that person or the byline begins with the name."""
    name = says.meta("author")
    if not name:
        return ""
    byline = re.compile(rf"^(?:by\s+)?{re.escape(name)}(?!\w)", re.IGNORECASE | re.MULTILINE)
    return name if name in says.people or byline.search(near) else ""


def _by_another(page: Page, near: str, person: str) -> bool:
    """Whether the bylines name somebody else: a site's data often names who put the article there."""
    called = (
        line(node.text()[:_LONGEST_BYLINE]) for node in page.tree.css(_BYLINES)[:_MOST_ELEMENTS]
    )
    bylines = _BYLINE.findall("\n".join((near, *called)))
    return bool(bylines) and not any(person.casefold() in said.casefold() for said in bylines)


def _in_elements(page: Page) -> str:
    """Whom the elements name that are called the author; nobody when they differ."""
    nodes = page.tree.css(_ELEMENTS)
    if len(nodes) > _MOST_ELEMENTS:
        return ""
    names = {name for node in nodes if not _in_comment(node) for name in _names(node)}
    return names.pop() if len(names) == 1 else ""


def _names(node: LexborNode) -> Iterator[str]:
    """The name that an element states or shows, without what introduces it."""
    inner = node.css_first('[itemprop~="name"]') or node
    name = line(inner.attributes.get("content") or inner.text())
    if name:
        yield _BY.sub("", name, count=1) if _BY.match(name) else name


def _in_comment(node: LexborNode) -> bool:
    """Whether an element stands in a reader's comment or in a list of other articles, by what those are called."""
    outer: LexborNode | None = node
    while outer is not None:
        attributes = outer.attributes
        called = (attributes.get(name) or "" for name in ("class", "id", "itemtype"))
        if outer.tag not in ("body", "html") and _COMMENT.search(" ".join(called)):
            return True
        outer = outer.parent
    return False


def _without_medium(name: str, media: set[str]) -> str:
    """A name without the medium that some write after it: `Ada Bell, Valley News`."""
    person, comma, rest = name.partition(", ")
    at = comma and any(one and (one.startswith(rest) or rest.startswith(one)) for one in media)
    return person if at else name


def _is_full_name(name: str) -> bool:
    """Whether a name is that of a person in full: several words, the first and the last with a capital."""
    if not _FULL_NAME.fullmatch(name) or _A_GROUP.match(name):
        return False
    return name[0].isupper() and name.rpartition(" ")[2][0].isupper()


def _names_site(title: str, name: str) -> bool:
    """Whether a name is that of the site, which the window's title ends with: `标题_网易新闻`."""
    found = SITE.fullmatch(title) if len(title) < LONGEST_TITLE else None
    return found is not None and found["site"].strip().startswith(name)
