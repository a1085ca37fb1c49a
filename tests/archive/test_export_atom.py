"""The feed: what RFC 4287 asks of one, read by an XML parser, whatever the pages say."""

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from archive.export import atom
from archive.export.source import Source
from archive.reader import Reader
from archive.state import State
from tests.archive.newsroom import article, capture, eventful, open_archive
from tests.archive.test_export import unharmed

ATOM = "{http://www.w3.org/2005/Atom}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def feed(root: Path, query: str = "", *, limit: int | None = None, address: str = "") -> Element:
    with Reader.open(root) as reader:
        source = Source(reader, query, limit=limit, lost=unharmed)
        pieces = atom.written(source.latest(), query=query, updated=source.updated, address=address)
        return ElementTree.fromstring(b"".join(pieces))


def one(parent: Element, name: str) -> str:
    (found,) = parent.findall(ATOM + name)
    return found.text or ""


def is_valid(read: Element) -> bool:
    """What every feed and entry must have, each once, and of the right kind."""
    assert read.tag == f"{ATOM}feed"
    assert read.findall(f"{ATOM}author/{ATOM}name")
    assert len(read.findall(f"{ATOM}link[@rel='self']")) <= 1
    ids = [one(read, "id")]
    for entry in read.findall(ATOM + "entry"):
        ids.append(one(entry, "id"))
        assert one(entry, "title")
        (link,) = entry.findall(f"{ATOM}link[@rel='alternate']")
        assert urlsplit(link.attrib["href"]).scheme == "https"
        assert datetime.fromisoformat(one(entry, "published")).tzinfo
        assert datetime.fromisoformat(one(entry, "updated")) <= datetime.fromisoformat(
            one(read, "updated")
        )
        (content,) = entry.findall(ATOM + "content")
        assert content.attrib == {"type": "xhtml"}
        assert [child.tag for child in content] == [XHTML + "div"]
        assert {inner.tag for inner in content[0].iter()} <= {XHTML + "div", XHTML + "p"}
    assert all(urlsplit(id).scheme in ("urn", "https") for id in ids)
    assert len(set(ids)) == len(ids)
    return datetime.fromisoformat(one(read, "updated")).tzinfo is not None


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("atom") / "news"
    eventful(place)
    return place


def test_an_entry_tells_what_a_reader_of_feeds_shows(root: Path) -> None:
    read = feed(root, article(2).id)

    assert is_valid(read)
    (entry,) = read.findall(ATOM + "entry")
    assert one(entry, "id") == f"urn:qqnews:{article(2).id}"
    assert one(entry, "title") == "湖城要闻"
    assert [name.text for name in entry.findall(f"{ATOM}author/{ATOM}name")] == ["山城晚报"]
    terms = [(c.get("scheme"), c.get("term")) for c in entry.findall(ATOM + "category")]
    assert terms == [(None, "湖城"), (None, "春天"), ("urn:qqnews:copy_of", article(1).id)]
    paragraphs = [inner.text for inner in entry.iter(XHTML + "p")]
    with Reader.open(root) as reader:
        ((body,),) = reader.sql("select body from texts where id = :id", {"id": article(2).id}).rows
    assert paragraphs == str(body).split("\n")


def test_the_latest_to_be_kept_come_first_whenever_they_were_published(tmp_path: Path) -> None:
    root = tmp_path / "news"
    order = (3, 1, 4, 2)
    with open_archive(root) as archive:
        for minutes, number in enumerate(order):
            shown = article(number)
            archive.keep(shown, capture=capture(shown, minutes=minutes))
        # A new text makes no new article.
        edited = article(3, body="全文改写了。" * 40)
        archive.keep(edited, capture=capture(edited, minutes=60))

    read = feed(root, limit=3)

    entries = read.findall(ATOM + "entry")
    wanted = [f"urn:qqnews:{article(number).id}" for number in (2, 4, 1)]
    assert [one(entry, "id") for entry in entries] == wanted
    (edit,) = feed(root, article(3).id).findall(ATOM + "entry")
    assert one(edit, "updated") == "2026-02-07T05:00:00+00:00"
    assert one(edit, "published") == "2026-02-07T08:03:00+08:00"
    assert is_valid(feed(root))


def test_what_was_taken_down_is_marked_until_it_is_back(tmp_path: Path) -> None:
    root, shown = tmp_path / "news", article(1)

    def marks() -> list[str]:
        return [
            str(found.get("term"))
            for found in feed(root).iter(ATOM + "category")
            if found.get("scheme") == "urn:qqnews:is"
        ]

    with open_archive(root) as archive:
        archive.keep(shown, capture=capture(shown))
        assert marks() == []
        answer = capture(shown, minutes=60, status=404, body=b"")
        archive.note(
            id=shown.id, address=shown.url, state=State.GONE, rule="HTTP 404", capture=answer
        )
        assert marks() == ["gone"]
        archive.keep(shown, capture=capture(shown, minutes=90))
        assert marks() == []


def test_the_feed_is_xml_and_nothing_of_a_page_is_markup_in_it(tmp_path: Path) -> None:
    root = tmp_path / "news"
    evil = "<script>alert(1)</script> ]]> &amp; &#0; \"双\" '单' \x00\x0b\x1b\ufffe\ud800\u202e--> <?pi"
    hostile = article(
        1, title=evil, body=f"{evil}\n\n" * 3, outlet=evil, author=evil, tags=(evil,), category=evil
    )
    with open_archive(root) as archive:
        archive.keep(hostile, capture=capture("https://news.qq.com/rain/a/x"))

    read = feed(root, 'outlet:"<b>" OR 单\x1b', address='https://example.org/?a="<&')

    assert is_valid(read)
    assert is_valid(feed(root))
    (entry,) = feed(root).findall(ATOM + "entry")
    assert one(entry, "title").startswith("<script>alert(1)</script> ]]> &amp; &#0; \"双\" '单' ")


def test_an_empty_feed_is_a_feed(root: Path, tmp_path: Path) -> None:
    nothing = feed(root, "蜃楼")
    assert is_valid(nothing)
    assert nothing.findall(ATOM + "entry") == []

    with open_archive(tmp_path / "new"):
        pass
    assert is_valid(feed(tmp_path / "new"))


def test_a_feed_keeps_its_id_and_is_named_by_what_it_asks(root: Path) -> None:
    assert one(feed(root, "湖城"), "title") == "qqnews: 湖城"
    assert one(feed(root, "湖城"), "id") == one(feed(root, "湖城", limit=1), "id")
    assert one(feed(root, "湖城"), "id") != one(feed(root), "id")

    address = "https://example.org/feed.xml"
    published = feed(root, address=address)
    assert one(published, "id") == address
    (link,) = published.findall(f"{ATOM}link[@rel='self']")
    assert link.attrib["href"] == address
