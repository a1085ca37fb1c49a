"""`reextract`: kept pages read again with today's extractor."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from archive.archive import Archive
from scraper.demo.pages import rain
from scraper.demo.stories import BRIDGE, REPRINT
from scraper.extract import extract
from scraper.saved import pages
from scraper.urls import identify
from tests.cli.conftest import Kept, Run, objects
from tests.cli.looking_after.readings import pages_of


def test_kept_pages_read_again_as_they_were_read(qqnews: Run, news: Path) -> None:
    silent = qqnews("--archive", "news", "reextract")
    every = qqnews("--archive", "news", "reextract", "--all")

    assert (silent.code, silent.out, silent.err) == (0, "", "4 same\n")
    assert {row["judged"] for row in objects(every.out)} == {"same"}


def test_a_better_reading_of_a_kept_page_becomes_the_current_text(
    qqnews: Run, folder: Path
) -> None:
    """An earlier extractor lost the end of this article; the page itself was kept."""
    (folder / "page.html").write_bytes(rain(BRIDGE))
    (saved,) = pages(folder / "page.html")
    reading = extract(saved.page, identify(BRIDGE.id))
    assert reading.article is not None
    cut = replace(reading.article, markdown=reading.article.markdown[:200], images=())
    Archive.create(folder / "news")
    with Archive.open(folder / "news") as archive:
        archive.keep(cut, capture=saved.page, rule=reading.rule)

    looked = qqnews("--archive", "news", "reextract")
    (row,) = objects(looked.out)
    assert (row["judged"], "pictures 0 → 2" in row["reasons"]) == ("better", True)
    assert "终于不晃了" not in Kept(folder / "news").text(BRIDGE.id)

    applied = qqnews("--archive", "news", "reextract", "--apply")
    assert objects(applied.out)[0]["applied"] is True
    assert "终于不晃了" in Kept(folder / "news").text(BRIDGE.id)
    assert "终于不晃了" not in Kept(folder / "news").text(f"{BRIDGE.id}@1")
    assert qqnews("--archive", "news", "reextract", "--apply").err == "1 same\n"
    assert qqnews("--archive", "news", "verify", "--read-data").code == 0


def test_facts_that_read_better_are_a_text_of_their_own_and_no_edit(
    qqnews: Run, folder: Path
) -> None:
    """An earlier extractor took the wrong line for the time and found no tags; the words are the same."""
    (folder / "page.html").write_bytes(rain(BRIDGE))
    (saved,) = pages(folder / "page.html")
    reading = extract(saved.page, identify(BRIDGE.id))
    assert reading.article is not None
    assert reading.article.published is not None
    early = reading.article.published - timedelta(hours=9)
    poor = replace(reading.article, published=early, tags=())
    Archive.create(folder / "news")
    with Archive.open(folder / "news") as archive:
        archive.keep(poor, capture=saved.page, rule=reading.rule, missing={"x": "404"})
    news = ["--archive", "news"]

    looked = qqnews(*news, "reextract")
    applied = qqnews(*news, "reextract", "--apply")
    again = qqnews(*news, "reextract", "--apply")

    (row,) = objects(looked.out)
    assert (row["judged"], row["grades"], row["reasons"]) == (
        "better",
        "facts",
        "published differs; tags found",
    )
    assert objects(applied.out)[0]["applied"] is True
    assert (again.out, again.err) == ("", "1 same\n")
    kept = Kept(folder / "news")
    assert f'published: "{BRIDGE.published.replace(" ", "T")}+08:00"' in kept.text(BRIDGE.id)
    assert f'published: "{BRIDGE.published.replace(" ", "T")}+08:00"' not in kept.text(
        f"{BRIDGE.id}@1"
    )
    log = objects(qqnews(*news, "log", BRIDGE.id).out)
    assert [(one["grade"], one["read_again"]) for one in log] == [
        ("first", False),
        ("facts, read again", True),
    ]
    assert kept.rows("select * from edited") == []
    assert objects(qqnews(*news, "list", "is:revised").out) == []
    assert kept.rows("select verdict from captures") == [{"verdict": "new"}], "nobody was asked"
    assert qqnews(*news, "verify", "--read-data").code == 0
    assert qqnews(*news, "rebuild").code == 0
    assert objects(qqnews(*news, "log", BRIDGE.id).out) == log


def test_a_copy_that_only_links_stays_one_when_its_facts_read_better(
    qqnews: Run, news: Path
) -> None:
    with Archive.open(news) as archive:
        kept = archive.kept(REPRINT.id)
        assert kept is not None
        (there,) = [one for one in pages_of(news) if REPRINT.id in one.page.url]
        reading = extract(there.page, identify(REPRINT.id))
        assert reading.article is not None
        (record,) = archive.database.execute(
            "select capture from current where id = ?", (REPRINT.id,)
        ).fetchone()
        archive.rereading.keep(
            replace(reading.article, outlet="无名报"), captured=there.page.at, capture=record
        )
    assert 'outlet: "无名报"' in Kept(news).text(REPRINT.id)

    applied = qqnews("--archive", "news", "reextract", "--apply")

    assert objects(applied.out)[0]["applied"] is True
    text = Kept(news).text(REPRINT.id)
    assert f'outlet: "{REPRINT.outlet}"' in text
    assert f'copy_of: "{BRIDGE.id}"' in text
    assert "两千零三十七块" not in text
    assert qqnews("--archive", "news", "verify", "--read-data").code == 0
