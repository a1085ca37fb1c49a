"""Captures as WARC: what goes in comes out, other tools read it, and torn ends are cut off."""

import gzip
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from archive import warc
from archive.capture import Capture
from archive.captures import Captures
from archive.files import Tree
from archive.stored import Damage, Stored
from archive.warc import Event
from tests.archive.newsroom import START, article, capture, dump, eventful, open_archive

HEADERS = (
    ("Content-Type", "text/html; charset=GBK"),
    ("Content-Encoding", "gzip"),
    ("Set-Cookie", "a=1"),
    ("Set-Cookie", "b=2"),
    ("Content-Length", "123"),
    ("X-Tencent", "湖城"),
)


@pytest.fixture
def captures(tmp_path: Path) -> Captures:
    tree = Tree(tmp_path)
    tree.create()
    return Captures(tree)


def event(of: Capture, **facts: object) -> Event:
    return Event(id="20260207A0000100", at=of.at, url=of.url, asked=of.asked, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [200, 302, 404, 410, 566, 567])
@pytest.mark.parametrize(
    "body", [b"", b"\xb0\xa1\x00page" * 999, b"HTTP/1.1 200 OK\r\n\r\nWARC/1.1"]
)
def test_a_capture_reads_back_as_it_came(captures: Captures, status: int, body: bytes) -> None:
    came = Capture(
        url="https://news.qq.com/rain/a/1?x=湖",
        asked="https://new.qq.com/1",
        at=START,
        body=body,
        status=status,
        headers=HEADERS,
        request_headers=(("Host", "news.qq.com"), ("User-Agent", "qqnews")),
    )

    stored = captures.append(event(came), came)

    assert captures.read(stored.path, stored.offset) == replace(came, origin="warc")
    assert captures.group(stored).request_headers == came.request_headers


def test_a_saved_file_is_a_resource(captures: Captures) -> None:
    came = Capture(url="file:///home/a.html", at=START, body=b"<html>", origin="file", asked="x")

    stored = captures.append(event(came), came)

    assert stored.type == "resource"
    assert captures.read(stored.path, stored.offset) == came


def test_warcio_finds_every_record_and_every_digest_right(tmp_path: Path) -> None:
    eventful(tmp_path / "archive")
    (path,) = (tmp_path / "archive/captures").iterdir()

    checker = Checker(SimpleNamespace(inputs=[str(path)], verbose=False))
    checker.process_all()
    with path.open("rb") as file:
        records = [
            (r.rec_type, r.rec_headers.get_header("WARC-Target-URI")) for r in ArchiveIterator(file)
        ]

    assert checker.exit_value == 0
    assert {kind for kind, _ in records} == {
        "warcinfo",
        "request",
        "response",
        "revisit",
        "metadata",
    }
    # Whoever replays a file, as pywb does, takes what stands under a page's address for the page.
    assert all(url.startswith("urn:qqnews:") for kind, url in records if kind == "metadata")


def test_warcio_replays_the_page_that_came(captures: Captures, tmp_path: Path) -> None:
    came = capture(article(1))

    stored = captures.append(event(came), came)

    with (tmp_path / stored.path).open("rb") as file:
        (page,) = (
            r.content_stream().read() for r in ArchiveIterator(file) if r.rec_type == "response"
        )
    assert page == came.body


def test_the_same_bytes_are_stored_once(tmp_path: Path) -> None:
    one = article(1)
    with open_archive(tmp_path / "archive") as archive:
        archive.keep(one, capture=capture(one))
        archive.keep(one, capture=capture(one, minutes=9))

    first, second = sorted(dump(tmp_path / "archive")["captures"], key=lambda row: row["at"])
    assert (first["type"], second["type"]) == ("response", "revisit")
    assert second["refers"] == first["record"]


def test_a_file_that_has_grown_large_is_followed_by_another(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.create()
    captures = Captures(tree, rotate=3000)
    came = capture(article(1))
    for minute in range(6):
        captures.append(event(came, rule=str(minute)), replace(came, body=bytes(range(256)) * 8))

    sizes = captures.files()

    assert len(sizes) >= 2
    assert len([e for path in sizes for e in captures.walk(path) if isinstance(e, Stored)]) == 6


def test_files_stand_in_the_order_of_writing_whatever_the_clock_said(tmp_path: Path) -> None:
    """What a clock in the future named would be the newest for years, and each run begin a file of its own."""
    tree = Tree(tmp_path)
    tree.create()
    came = capture(article(1))
    for number, days in enumerate([400, 0, 1, 2, 3]):
        captures = Captures(tree, rotate=50_000 if number > 1 else 1)
        at = START + timedelta(days=days)
        captures.append(event(replace(came, at=at), rule=str(number)), came)
        captures.close()

    told = [list(groups(captures, path)) for path in captures.files()]

    assert told == [["0"], ["1", "2", "3", "4"]]


def groups(captures: Captures, path: str) -> Iterator[str]:
    for entry in captures.walk(path):
        yield entry.event.rule if isinstance(entry, Stored) else "damage"


@pytest.fixture
def three(captures: Captures) -> tuple[Captures, str, list[int]]:
    """Three groups in a file, and where each ends."""
    came = capture(article(1))
    ends = []
    for number in "abc":
        body = came.body + number.encode()
        ends.append(captures.append(event(came, rule=number), replace(came, body=body)).end)
    captures.close()
    (path,) = captures.files()
    return captures, path, ends


def test_an_end_torn_anywhere_is_cut_back_to_the_last_whole_group(
    three: tuple[Captures, str, list[int]], tmp_path: Path
) -> None:
    captures, path, ends = three
    whole = (tmp_path / path).read_bytes()

    for length in [*range(ends[1], ends[2], 13), ends[2] - 1]:
        (tmp_path / path).write_bytes(whole[:length])

        assert captures.unindexed({path: ends[1]}) == []
        assert (tmp_path / path).stat().st_size == ends[1], length


@pytest.mark.parametrize(
    "name", ["qqnews-20290101000000-00009.warc.gz", "crawl.warc.gz", "zz.warc.gz"]
)
def test_a_file_of_somebody_else_among_the_captures_is_neither_cut_nor_added_to(
    name: str, three: tuple[Captures, str, list[int]], tmp_path: Path
) -> None:
    captures, path, ends = three
    first, _, _ = captures.walk(path)
    assert isinstance(first, Stored)
    page = (tmp_path / path).read_bytes()[first.begin : first.offset]  # a record without an event
    foreign, known = tmp_path / "captures" / name, {path: ends[2]}

    for content in (b"x", b"a note by hand", *([] if name.startswith("qqnews-") else [page])):
        foreign.write_bytes(content)

        assert captures.unindexed(known) == []
        new = captures.append(event(capture(article(2))), capture(article(2)))
        captures.close()
        known[new.path] = new.end
        assert foreign.read_bytes() == content


def test_a_group_that_the_index_does_not_know_is_told(
    three: tuple[Captures, str, list[int]],
) -> None:
    captures, path, ends = three

    assert [one.event.rule for one in captures.unindexed({path: ends[0]})] == ["b", "c"]
    assert [one.event.rule for one in captures.unindexed({})] == ["a", "b", "c"]


def test_damage_in_the_midst_costs_one_page_its_event_stays_and_nothing_is_cut(
    three: tuple[Captures, str, list[int]], tmp_path: Path
) -> None:
    captures, path, _ = three
    content = bytearray((tmp_path / path).read_bytes())
    _, second, _ = captures.walk(path)
    assert isinstance(second, Stored)
    content[second.offset + 100] ^= 0xFF
    (tmp_path / path).write_bytes(content)

    assert list(groups(captures, path)) == ["a", "damage", "b", "c"]
    kept = [one for one in captures.walk(path) if isinstance(one, Stored)][1]
    assert (kept.record, kept.type) == (second.record, "metadata")
    captures.unindexed({})
    assert (tmp_path / path).read_bytes() == content
    new = capture(article(1), minutes=9)
    assert captures.append(event(new), new).path != path, "a damaged file is not added to"


def test_every_changed_byte_of_a_capture_file_is_noticed(
    three: tuple[Captures, str, list[int]], tmp_path: Path
) -> None:
    captures, path, _ = three
    content = (tmp_path / path).read_bytes()
    silent = []
    for place in range(0, len(content), 7):
        changed = bytearray(content)
        changed[place] ^= 1
        (tmp_path / path).write_bytes(changed)
        if not any(isinstance(one, Damage) for one in captures.walk(path)):
            silent.append(place)

    # Seven bytes of each gzip header say nothing of the content: a flag nobody reads, time, level, system.
    (tmp_path / path).write_bytes(content)
    with (tmp_path / path).open("rb") as file:
        starts = [record.offset for record in warc.members(file)]
    assert all(any(start + 3 <= place < start + 10 for start in starts) for place in silent), silent


def test_other_peoples_warc_files_are_read_too() -> None:
    page = "<html>湖</html>".encode()
    packed = gzip.compress(page, mtime=0)
    block = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    block += f"{len(packed):x}\r\n".encode() + packed + b"\r\n0\r\n\r\n"
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.qq.com/a\r\n"
        "WARC-Date: 2020-01-02T03:04:05Z\r\nWARC-Record-ID: <urn:uuid:0>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    made = head.encode() + block + b"\r\n\r\n"

    for file in (made, gzip.compress(made, mtime=0)):
        (found,) = warc.captures_in(io.BytesIO(file))

        assert (found.url, found.body, found.status) == ("https://news.qq.com/a", page, 200)


def test_what_is_no_warc_file_holds_no_captures() -> None:
    for rubbish in (b"", b"\x1f\x8b\x08 broken", b"<html>no</html>", b"WARC/1.1\r\nbroken"):
        try:
            assert list(warc.captures_in(io.BytesIO(rubbish))) == []
        except ValueError as error:
            assert "not a WARC file" in str(error)
