"""Reading an archive that was really written: search, list, show, gone, pictures, SQL."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.article import Article
from archive.capture import Capture
from archive.errors import DamagedArchive, NoArchive, QueryError
from archive.index.connection import open_reader
from archive.reader import Hit, Reader
from archive.state import State
from tests.archive.lanterns import CUT, FERRY, LANTERNS, NOW, PICTURE, REPRINT, lanterns


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lanterns(tmp_path_factory.mktemp("reader") / "archive")


@pytest.fixture
def reader(root: Path) -> Iterator[Reader]:
    with Reader.open(root, clock=lambda: NOW) as reader:
        yield reader


def ids(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.article.id for hit in hits]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("灯会", [CUT, REPRINT, LANTERNS]),
        ("900盏", [LANTERNS]),
        ("1200盏", [CUT, REPRINT]),
        ("走马灯", [REPRINT, LANTERNS]),
        ("title:人山人海", [REPRINT]),
        ("outlet:日报", [FERRY, LANTERNS]),
        ("outlet:日报 灯会", [LANTERNS]),
        ("灯会 -outlet:日报", [CUT, REPRINT]),
        ("outlet:晚报,新闻", [CUT, REPRINT]),
        ("author:某甲", [CUT, REPRINT, LANTERNS]),
        ("category:CULTURE", [CUT, REPRINT, LANTERNS]),
        ("tag:ai", [LANTERNS]),
        ("has:tag", [LANTERNS]),
        ("-has:tag", [FERRY, CUT, REPRINT]),
        ("after:2030-02-09", [FERRY]),
        ("before:2030-02-08", []),
        ("on:2030-02-08 before:2030-02-08T12:00", [LANTERNS]),
        ("after:2d", [FERRY, CUT, REPRINT]),
        ("is:gone", [FERRY]),
        ("state:gone", [FERRY]),
        ("state:ok", [CUT, REPRINT, LANTERNS]),
        ("is:revised", [LANTERNS]),
        ("is:copy", [REPRINT]),
        ("-is:copy 灯会", [CUT, LANTERNS]),
        ("id:20300208", [CUT, REPRINT]),
        ("https://new.qq.com/rain/a/20300207A01B2C00", [LANTERNS]),
        (f"url:{REPRINT.url}", [REPRINT]),
        ("渡口 OR outlet:晚报", [FERRY, REPRINT]),
        ("(渡口 OR 走马灯) -(outlet:晚报 OR is:gone)", [LANTERNS]),
        ("-灯会", [FERRY]),
        ("", [FERRY, CUT, REPRINT, LANTERNS]),
    ],
)
def test_a_query_finds(reader: Reader, query: str, expected: list[Article]) -> None:
    wanted = [article.id for article in expected]

    assert ids(reader.search(query).hits) == wanted
    assert [found.id for found in reader.list(query)] == wanted
    assert reader.count(query) == len(wanted)
    assert set(ids(reader.search(query, order="relevance").hits)) == set(wanted)


def test_pictures_are_asked_for(reader: Reader) -> None:
    assert LANTERNS.id in ids(reader.search("has:picture").hits)
    assert FERRY.id not in ids(reader.search("has:picture").hits)
    assert reader.count("has:missing") == 0


def test_a_hit_shows_why(reader: Reader) -> None:
    (hit,) = reader.search("赵女士 outlet:日报").hits

    assert [piece.text for piece in hit.snippet if piece.found] == ["赵女士"]
    assert hit.article.published == "2030-02-08T07:22:00+08:00"
    assert (hit.article.revision, hit.article.state) == (2, State.OK)


def test_a_limit_tells_that_there_is_more(reader: Reader) -> None:
    hits = reader.search("灯会", limit=2)

    assert len(hits.hits) == 2
    assert hits.more
    assert not reader.search("灯会", limit=3).more


def test_an_article_is_shown_with_all_that_is_known(reader: Reader, root: Path) -> None:
    shown = reader.show("https://new.qq.com/rain/a/20300207A01B2C00")

    assert shown.number == 2
    assert shown.path == root / "articles/2030/02/20300207A01B2C00.md"
    assert shown.text == shown.path.read_text("utf-8")
    assert "900盏" in shown.document.article.markdown
    assert shown.addresses[0] == LANTERNS.url
    assert "https://new.qq.com/rain/a/20300207A01B2C00" in shown.addresses
    assert [revision.number for revision in shown.revisions] == [1, 2]
    assert [copy.id for copy in shown.copies] == [REPRINT.id]
    assert [seen.verdict for seen in shown.seen] == ["new", "revised"]


def test_an_earlier_text_is_shown_by_its_number(reader: Reader) -> None:
    assert "1200盏" in reader.show(f"{LANTERNS.id}@1").document.article.markdown


@pytest.mark.parametrize(
    ("word", "complaint"),
    [
        ("20310101A0000000", "the archive has no article 20310101A0000000"),
        ("2030020", "could be several articles"),
        (f"{LANTERNS.id}@9", "has no text 9 — it has 1 to 2"),
        (f"{LANTERNS.id}@0", "has no text 0 — it has 1 to 2"),
        ("https://elsewhere.example/", "has no article"),
        ("", "no article is named"),
    ],
)
def test_what_cannot_be_shown_is_said_in_one_line(
    reader: Reader, word: str, complaint: str
) -> None:
    with pytest.raises(QueryError, match=complaint):
        reader.show(word)


def test_the_beginning_of_an_id_is_enough_when_only_one_fits(reader: Reader) -> None:
    assert reader.show("20300209").article.id == FERRY.id


def test_an_address_that_the_archive_never_saw_may_be_another_of_one_it_has(root: Path) -> None:
    """Which addresses are the same is for the caller to know."""
    spelled = {
        "https://elsewhere.example/ferry": (FERRY.id,),
        "https://elsewhere.example/ferry#top": ("no-such-id", FERRY.url),
    }

    with Reader.open(root, names_at=lambda address: spelled.get(address, ())) as reader:
        for address in spelled:
            assert reader.id_of(address) == FERRY.id
            assert [found.id for found in reader.list(address)] == [FERRY.id]
        with pytest.raises(QueryError, match="the archive has no article"):
            reader.id_of("https://elsewhere.example/nothing")


def test_what_was_taken_down_is_listed(reader: Reader) -> None:
    (gone,) = reader.gone()

    assert gone.id == FERRY.id
    assert gone.gone
    assert not gone.back
    assert reader.gone("灯会") == ()
    assert reader.gone(since=NOW + timedelta(days=1)) == ()
    assert reader.gone(since=NOW - timedelta(days=9)) == (gone,)
    assert [found.id for found in reader.gone("outlet:日报")] == [FERRY.id]


def test_the_page_a_text_was_read_from_is_given_back(reader: Reader) -> None:
    assert reader.capture(f"{LANTERNS.id}@1").body == b"one"
    assert reader.capture(LANTERNS.id).body == b"five"


@pytest.mark.parametrize("name", ["address", "hash", "beginning", "file"])
def test_a_picture_tells_who_shows_it(reader: Reader, name: str) -> None:
    sha256 = reader.show(LANTERNS.id).document.pictures[PICTURE].sha256
    names = {
        "address": PICTURE,
        "hash": sha256,
        "beginning": sha256[:12],
        "file": f"images/{sha256[:2]}/{sha256}.jpg",
    }

    found = reader.picture(names[name])

    assert (found.picture.sha256, found.picture.hash, found.like) == (sha256, "0f" * 8, ())
    assert LANTERNS.id in [use.article for use in found.picture.uses]


def test_a_picture_that_is_not_kept_is_said_plainly(reader: Reader) -> None:
    with pytest.raises(QueryError, match="no picture is named"):
        reader.picture("")
    with pytest.raises(QueryError, match="the archive has no picture ffffffff"):
        reader.picture("ffffffff")


def test_sql_is_answered_from_the_same_archive(reader: Reader) -> None:
    answer = reader.sql(
        "select outlet, count(*) as n from articles group by outlet order by n desc, outlet"
    )

    assert answer.columns == ("outlet", "n")
    assert next(answer.rows) == ("滨江日报", 2)


def test_a_text_that_was_changed_on_disk_is_not_shown_as_the_truth(
    root: Path, tmp_path: Path
) -> None:
    copied = tmp_path / "archive"
    subprocess.run(["cp", "-r", root, copied], check=True)
    path = copied / "articles/2030/02/20300209A07H8J00.md"
    path.write_text(path.read_text("utf-8").replace("渡口", "码头"), "utf-8")

    with Reader.open(copied) as reader:
        with pytest.raises(DamagedArchive, match="is not what was written"):
            reader.show(FERRY.id)
        path.unlink()
        with pytest.raises(DamagedArchive, match="cannot be read"):
            reader.show(FERRY.id)


def test_a_reader_sees_what_a_writer_adds_meanwhile(root: Path, tmp_path: Path) -> None:
    copied = tmp_path / "archive"
    subprocess.run(["cp", "-r", root, copied], check=True)
    with Reader.open(copied) as reader, Archive.open(copied, floor=0) as archive:
        new = replace(
            FERRY,
            id="20300210A09K0L00",
            url="https://news.qq.com/rain/a/20300210A09K0L00",
            title="渡口复航",
        )
        before = reader.count("复航")

        archive.keep(new, capture=Capture(url=new.url, at=NOW, body=b"six"))

        assert (before, reader.count("复航")) == (0, 1)


@pytest.mark.timeout(20)
def test_a_writer_that_ends_does_not_wait_for_whoever_reads(root: Path, tmp_path: Path) -> None:
    """It would for half a minute, holding the archive."""
    copied = tmp_path / "archive"
    subprocess.run(["cp", "-r", root, copied], check=True)
    reading = open_reader(copied)
    reading.execute("begin")
    before = reading.execute("select count(*) from articles").fetchone()

    with Archive.open(copied, floor=0) as archive:
        archive.remember("wx-AbCdEf", ["https://mp.weixin.qq.com/s/AbCdEf"])

    assert reading.execute("select count(*) from articles").fetchone() == before
    reading.close()
    with Archive.open(copied, floor=0):
        pass
    log = copied / "qqnews.db-wal"
    assert not log.exists() or log.stat().st_size == 0


def test_no_archive_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(NoArchive, match="no archive"):
        Reader.open(tmp_path)


def test_searching_loads_nothing_heavy(root: Path) -> None:
    """A search must start as fast as it answers."""
    program = (
        "import sys; from pathlib import Path; from archive.reader import Reader\n"
        "with Reader.open(Path(sys.argv[1])) as reader: assert reader.search('灯会').hits\n"
        "heavy = {'httpx', 'selectolax', 'rich', 'PIL', 'fastwarc', 'yaml', 'frontmatter', 'sqlite_utils', 'jinja2'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, root],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        check=False,
    )

    assert (done.stdout, done.stderr) == ("[]\n", "")
