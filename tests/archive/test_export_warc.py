"""Kept pages as one WARC file: whole, byte for byte, and read by another tool."""

import gzip
import io
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from archive import warc as records
from archive.errors import DamagedArchive, QueryError
from archive.export import warc
from archive.export.source import Source
from archive.reader import Reader
from tests.archive.newsroom import article, capture, eventful, open_archive
from tests.archive.test_export import unharmed


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("warc") / "news"
    eventful(place)
    return place


def pages_of(root: Path, query: str = "", *, newest: bool = False) -> bytes:
    with Reader.open(root) as reader:
        source = Source(reader, query, lost=unharmed)
        return b"".join(
            warc.written(
                source.pages(newest=newest),
                name="news.warc.gz",
                newest=source.newest,
                software="qqnews",
            )
        )


def told(content: bytes) -> list[tuple[str, str]]:
    """Kind and address of each record, as warcio reads them; every digest is checked."""
    found = []
    for record in ArchiveIterator(io.BytesIO(content), check_digests="raise"):
        record.content_stream().read()
        found.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI") or ""))
    return found


def members(content: bytes) -> list[bytes]:
    found = []
    for one in records.members(io.BytesIO(content)):
        assert isinstance(one, records.Record)
        found.append(content[one.offset : one.end])
    return found


def test_every_record_is_one_of_the_archive_byte_for_byte(root: Path) -> None:
    content = pages_of(root)
    captures = b"".join(file.read_bytes() for file in sorted(root.glob("captures/*.warc.gz")))

    first, *others = members(content)
    assert b"\r\nWARC-Type: warcinfo\r\n" in gzip.decompress(first)
    assert others
    assert set(others) <= set(members(captures))
    assert len(set(others)) == len(others)


def test_each_page_comes_with_its_request_and_its_event_in_the_order_they_came(root: Path) -> None:
    content = pages_of(root)

    kinds = [kind for kind, _ in told(content)]
    with Reader.open(root) as reader:
        statement = "select type from captures where id in (select id from articles) order by at"
        pages = [kind for (kind,) in reader.sql(statement).rows]
    assert kinds[:4] == ["warcinfo", "request", "response", "metadata"]
    assert [kind for kind in kinds if kind in ("response", "revisit")] == pages
    assert kinds.count("metadata") == len(pages)
    # A page that never was an article belongs to none that could be asked for.
    assert article(4).url not in {address for _, address in told(content)}


def test_warcio_finds_nothing_to_say_against_it(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "news.warc.gz"
    file.write_bytes(pages_of(root))

    class Command:
        inputs = (str(file),)
        verbose = True

    checker = Checker(Command())
    checker.process_all()

    assert checker.exit_value == 0, capsys.readouterr().out


def test_of_each_article_only_the_page_its_current_text_was_read_from(root: Path) -> None:
    found = told(pages_of(root, newest=True))

    with Reader.open(root) as reader:
        count = reader.count()
    assert sum(kind in ("response", "revisit") for kind, _ in found) == count


@pytest.mark.parametrize("newest", [False, True])
def test_a_body_kept_with_a_page_that_is_not_wanted_comes_along(
    tmp_path: Path, newest: bool
) -> None:
    root, same = tmp_path / "news", b"<html>one page for two articles</html>"
    with open_archive(root) as archive:
        one, two = article(1), article(2)
        archive.keep(one, capture=capture(one, body=same))
        archive.keep(two, capture=capture(two, minutes=1, body=same))

    alone = told(pages_of(root, two.id, newest=newest))
    both = told(pages_of(root, newest=newest))

    assert alone[1:] == [
        ("response", one.url),
        ("request", two.url),
        ("revisit", two.url),
        ("metadata", f"urn:qqnews:{two.id}"),
    ]
    assert [kind for kind, _ in both].count("response") == 1
    assert len(both) == 1 + 3 + 3


def test_a_body_that_an_earlier_page_of_the_article_has_comes_with_its_newest(
    tmp_path: Path,
) -> None:
    root = tmp_path / "news"
    before, after = article(1), article(1, body="改过的一段话。" * 40)
    with open_archive(root) as archive:
        for minutes, shown in enumerate((before, after, before)):
            archive.keep(shown, capture=capture(shown, minutes=minutes))

    assert [kind for kind, _ in told(pages_of(root, newest=True))] == [
        *("warcinfo", "response", "request", "revisit", "metadata")
    ]


def test_nothing_found_is_a_file_that_only_says_what_made_it(root: Path) -> None:
    assert told(pages_of(root, "蜃楼")) == [("warcinfo", "")]


def test_an_archive_without_pages_is_told_before_a_byte_is_written(tmp_path: Path) -> None:
    root = tmp_path / "news"
    with open_archive(root, captures=False) as archive:
        one = article(1)
        archive.keep(one, capture=capture(one))

    with Reader.open(root) as reader:
        source = Source(reader, lost=unharmed)
        pieces = warc.written(source.pages(), name="x", newest=source.newest, software="qqnews")
        with pytest.raises(QueryError, match=r"captures was off"):
            next(pieces)


def test_articles_whose_page_was_not_kept_are_counted(tmp_path: Path) -> None:
    root, one, two = tmp_path / "news", article(1), article(2)
    with open_archive(root, captures=False) as archive:
        archive.keep(one, capture=capture(one))
    with open_archive(root) as archive:
        archive.keep(two, capture=capture(two, minutes=1))

    with Reader.open(root) as reader:
        source = Source(reader, lost=unharmed)
        pages = list(source.pages())

    assert (len(pages), source.taken, source.pageless) == (1, 2, 1)


def test_a_page_that_is_forgotten_or_moved_meanwhile_makes_no_damage(tmp_path: Path) -> None:
    """Forgetting one writes the capture file anew, and all others lie elsewhere in it."""
    root = tmp_path / "news"
    with open_archive(root) as archive:
        for number in range(1, 5):
            one = article(number)
            archive.keep(one, capture=capture(one, minutes=number))

        with Reader.open(root) as reader, reader.one_state():
            pages = Source(reader, lost=unharmed).pages()
            first = next(pages)
            archive.forget(article(2).id)
            content = b"".join([first, *pages])

    urls = [address for kind, address in told(content) if kind == "response"]
    assert urls == [article(number).url for number in (1, 3, 4)]


def test_a_damaged_page_is_told_and_the_rest_is_exported(tmp_path: Path) -> None:
    root = tmp_path / "news"
    with open_archive(root) as archive:
        for number in range(1, 4):
            one = article(number)
            archive.keep(one, capture=capture(one, minutes=number))
        (_, (_, offset), _) = archive.database.execute(
            "select record, offset from captures order by at"
        ).fetchall()
    (file,) = root.glob("captures/*.warc.gz")
    content = bytearray(file.read_bytes())
    content[offset + 60] ^= 0xFF
    file.write_bytes(content)
    lost: list[DamagedArchive] = []

    with Reader.open(root) as reader:
        found = told(b"".join(Source(reader, lost=lost.append).pages()))

    assert [url for kind, url in found if kind == "response"] == [article(1).url, article(3).url]
    assert [article(2).id in str(damage) for damage in lost] == [True]
