"""verify, repair, rebuild, backup, merge, forget, render, doctor: from the command line, on the demo's archive."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.archive import Archive
from archive.article import Article
from scraper.cli.exits import Exit
from scraper.demo.pages import rain
from scraper.demo.stories import BRIDGE, HARVEST, REPRINT, Story
from scraper.extract import extract
from scraper.saved import Saved, pages
from scraper.urls import identify
from tests.archive.newsroom import files
from tests.archive.test_full_disk import needs_mounts
from tests.cli.conftest import ROOT, Kept, Run, objects
from tests.cli.small_disk import SmallDisk


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made") / "demo"
    command = [sys.executable, "-m", "scraper", "demo", str(root)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)
    return root


@pytest.fixture
def news(made: Path, folder: Path) -> Path:
    """A copy of the demo's archive that a test may harm."""
    return shutil.copytree(made, folder / "news")


def kept_in(root: Path, story: Story, **facts: Any) -> Article:
    """An archive with this story, as an extractor read it that took these for its facts."""
    page = root.with_name("page.html")
    page.write_bytes(rain(story))
    (saved,) = pages(page)
    reading = extract(saved.page, identify(story.id))
    assert reading.article is not None
    article = replace(reading.article, **facts)
    Archive.create(root)
    with Archive.open(root) as archive:
        archive.keep(article, capture=saved.page, rule=reading.rule, charset=reading.charset)
    return article


def pages_of(root: Path) -> list[Saved]:
    """The pages that an archive has kept."""
    return [one for path in sorted(root.glob("captures/*")) for one in pages(path)]


def test_damage_is_found_told_and_mended(qqnews: Run, news: Path) -> None:
    assert qqnews("--archive", "news", "verify", "--read-data").code == 0
    article = next(news.glob(f"articles/*/*/{BRIDGE.id}.md"))
    before = article.read_bytes()
    article.write_bytes(before[:-9] + b"X" + before[-8:])

    found = qqnews("--archive", "news", "verify", "--read-data")
    told = qqnews("--archive", "news", "repair")
    reading = qqnews("--archive", "news", "show", BRIDGE.id)

    assert found.code == Exit.DAMAGE
    assert objects(found.out)[0]["id"] == BRIDGE.id
    assert objects(found.out)[0]["fix"].startswith("qqnews ")
    assert "--apply does it" in told.err
    assert (reading.code, reading.out) == (Exit.DAMAGE, "")
    assert article.read_bytes() != before

    done = qqnews("--archive", "news", "repair", "--apply")

    assert article.read_bytes() == before
    assert [row["what"] for row in objects(done.out)] == ["set aside", "restored", "reindexed"]
    assert qqnews("--archive", "news", "verify", "--read-data").code == 0
    assert qqnews("--archive", "news", "queue").out == ""


@pytest.mark.parametrize("story", [BRIDGE, REPRINT], ids=["an article", "a copy that only links"])
def test_a_lost_text_comes_back_from_its_page_to_the_byte(
    story: Story, qqnews: Run, news: Path
) -> None:
    before = files(news)
    next(news.glob(f"articles/*/*/{story.id}.md")).unlink()

    told = qqnews("--archive", "news", "repair")
    done = qqnews("--archive", "news", "repair", "--apply")

    assert objects(told.out)[0]["what"] == "restored"
    assert [row["what"] for row in objects(done.out)] == ["restored", "reindexed"]
    assert files(news) == before
    assert qqnews("--archive", "news", "verify", "--read-data").code == 0


def test_a_copy_comes_back_to_the_byte_after_its_original_got_another_headline(
    qqnews: Run, folder: Path, news: Path
) -> None:
    (folder / "edited.html").write_bytes(rain(replace(BRIDGE, title=f"{BRIDGE.title}（更正）")))
    assert qqnews("--archive", "news", "import", "edited.html").code == 0
    copy = next(news.glob(f"articles/*/*/{REPRINT.id}.md"))
    before = copy.read_bytes()
    copy.unlink()

    done = qqnews("--archive", "news", "repair", "--apply")

    assert [row["what"] for row in objects(done.out)] == ["restored", "reindexed"]
    assert copy.read_bytes() == before
    assert qqnews("--archive", "news", "verify", "--read-data").code == 0


def test_an_earlier_text_comes_back_from_its_page(qqnews: Run, folder: Path) -> None:
    kept_in(folder / "news", BRIDGE)
    (folder / "edited.html").write_bytes(rain(replace(BRIDGE, title=f"{BRIDGE.title}（更正）")))
    qqnews("--archive", "news", "import", "edited.html")
    (earlier,) = (folder / "news").glob("revisions/*/*/*/1.md")
    before = earlier.read_bytes()
    earlier.unlink()

    qqnews("--archive", "news", "repair", "--apply")

    assert earlier.read_bytes() == before
    assert qqnews("--archive", "news", "verify", "--read-data").code == 0


def test_a_text_that_was_lost_before_a_newer_one_came_costs_neither(
    qqnews: Run, folder: Path
) -> None:
    kept_in(folder / "news", BRIDGE)
    next(folder.glob(f"news/articles/*/*/{BRIDGE.id}.md")).unlink()
    kept_in(folder / "news", replace(BRIDGE, title="石桥通了"))

    found = qqnews("--archive", "news", "verify")
    done = qqnews("--archive", "news", "repair", "--apply")

    (lost,) = objects(found.out)
    assert lost["path"] == f"revisions/2026/11/{BRIDGE.id}/1.md"
    assert [row["what"] for row in objects(done.out)] == ["restored", "reindexed"]
    titles = [row["title"] for row in objects(qqnews("--archive", "news", "log", BRIDGE.id).out)]
    assert titles == [BRIDGE.title, "石桥通了"]
    assert qqnews("--archive", "news", "verify", "--read-data").code == 0


def test_a_lost_text_whose_page_reads_otherwise_today_is_followed_by_one_that_says_so(
    qqnews: Run, folder: Path
) -> None:
    """What `ID@1` said nobody can say any more, so the text read from the same page today is not called that."""
    poor = kept_in(folder / "news", BRIDGE, tags=(), author="佚名")
    next((folder / "news").glob(f"articles/*/*/{BRIDGE.id}.md")).unlink()

    told = qqnews("--archive", "news", "repair")
    done = qqnews("--archive", "news", "repair", "--apply")

    assert objects(told.out)[0]["what"] == "read again"
    assert [row["what"] for row in objects(done.out)] == ["read again", "reindexed"]
    text = Kept(folder / "news").text(BRIDGE.id)
    assert ("revision: 2" in text, 'rule: "read again: ' in text) == (True, True)
    assert poor.markdown.splitlines()[0] in text
    lost = qqnews("--archive", "news", "show", f"{BRIDGE.id}@1")
    assert (lost.code, "it has 2" in lost.err) == (Exit.USAGE, True), lost.err
    assert qqnews("--archive", "news", "verify", "--read-data").code == 0
    assert qqnews("--archive", "news", "repair").err == "nothing to repair\n"


def test_an_article_of_which_only_pages_are_left_is_read_from_them(qqnews: Run, news: Path) -> None:
    """Its text was lost, and the index was made from what was left: nothing else speaks of it any more."""
    article = next(news.glob(f"articles/*/*/{HARVEST.id}.md"))
    words = article.read_text("utf-8").partition("\n---\n")[2].partition("\n\n")[0]
    article.unlink()

    rebuilt = qqnews("--archive", "news", "rebuild")
    found = qqnews("--archive", "news", "verify")
    told = qqnews("--archive", "news", "repair")
    done = qqnews("--archive", "news", "repair", "--apply")

    assert f"{HARVEST.id}: pages of it were kept, and no text of it is here" in rebuilt.err
    assert [row["code"] for row in objects(found.out) if row["id"]] == ["article-missing"]
    assert objects(told.out)[0]["what"] == objects(done.out)[0]["what"] == "read again"
    text = Kept(news).text(HARVEST.id)
    assert words in text and "revision: 2" in text and 'rule: "read again: ' in text
    assert qqnews("--archive", "news", "verify", "--read-data").code == 0
    assert HARVEST.id not in qqnews("--archive", "news", "repair").out
    assert qqnews("--archive", "news", "rebuild").err == "4 articles, 6 captures\n"


def test_the_newest_text_that_was_lost_before_the_index_was_made_is_read_from_its_page(
    qqnews: Run, folder: Path
) -> None:
    kept_in(folder / "news", BRIDGE)
    kept_in(folder / "news", replace(BRIDGE, title="石桥通了"))
    next(folder.glob(f"news/articles/*/*/{BRIDGE.id}.md")).unlink()

    rebuilt = qqnews("--archive", "news", "rebuild")
    found = qqnews("--archive", "news", "verify")
    done = qqnews("--archive", "news", "repair", "--apply")

    what = "its newest page was kept, and only earlier texts of it are here"
    assert (rebuilt.code, f"{BRIDGE.id}: {what}" in rebuilt.err) == (Exit.DAMAGE, True)
    assert [(row["id"], row["detail"]) for row in objects(found.out)] == [(BRIDGE.id, what)]
    assert [row["what"] for row in objects(done.out)] == ["read again", "reindexed"]
    texts = objects(qqnews("--archive", "news", "log", BRIDGE.id).out)
    assert [(row["revision"], row["title"]) for row in texts] == [
        (1, BRIDGE.title),
        (3, "石桥通了"),
    ]
    assert qqnews("--archive", "news", "verify", "--read-data").err.endswith("was written\n")
    assert qqnews("--archive", "news", "repair").err == "nothing to repair\n"


def test_a_text_lost_with_its_page_is_asked_for_again(qqnews: Run, news: Path) -> None:
    next(news.glob(f"articles/*/*/{BRIDGE.id}.md")).unlink()
    for captures in news.glob("captures/*"):
        captures.unlink()

    done = qqnews("--archive", "news", "repair", "--apply")

    assert {"what": "refetch", "id": BRIDGE.id}.items() <= objects(done.out)[0].items()
    assert BRIDGE.id in qqnews("--archive", "news", "queue").out


def test_a_lost_index_is_made_again_from_the_files(qqnews: Run, news: Path) -> None:
    listed = qqnews("--archive", "news", "list").out
    for path in news.glob("qqnews.db*"):
        path.unlink()

    assert qqnews("--archive", "news", "rebuild").code == 0
    assert qqnews("--archive", "news", "list").out == listed


def test_an_edit_that_an_index_was_made_from_is_noticed_and_mended(qqnews: Run, news: Path) -> None:
    article = next(news.glob(f"articles/*/*/{BRIDGE.id}.md"))
    before = article.read_bytes()
    head, end, body = before.partition(b"\n---\n")
    edited = head + end + body.replace("石头".encode(), "砖头".encode())
    article.write_bytes(edited)

    rebuilt = qqnews("--archive", "news", "rebuild")
    found = qqnews("--archive", "news", "verify")
    done = qqnews("--archive", "news", "repair", "--apply")

    assert (
        f"{BRIDGE.id}.md: its words or its headline are not those it was written with"
        in rebuilt.err
    )
    assert (found.code, objects(found.out)[0]["code"]) == (Exit.DAMAGE, "text-changed")
    assert [row["what"] for row in objects(done.out)][:2] == ["set aside", "restored"]
    assert article.read_bytes() == before
    assert [
        path.read_bytes() for path in news.glob(f"lost+found/*/{article.relative_to(news)}")
    ] == [edited]
    assert qqnews("--archive", "news", "verify", "--read-data").code == 0


def test_a_backup_is_an_archive_and_forgetting_is_for_good(
    qqnews: Run, news: Path, folder: Path
) -> None:
    assert qqnews("--archive", "news", "backup", "copy").code == 0
    listed = qqnews("--archive", "copy", "list", "-o", "url").out
    assert listed == qqnews("--archive", "news", "list", "-o", "url").out

    asked = qqnews("--archive", "news", "forget", BRIDGE.id)
    looked = qqnews("--archive", "news", "forget", BRIDGE.id, "-n")
    assert (asked.code, "--yes" in asked.err) == (Exit.USAGE, True)
    assert "would forget" in looked.err
    assert BRIDGE.id in qqnews("--archive", "news", "list", "-o", "url").out

    assert qqnews("--archive", "news", "forget", BRIDGE.id, "--yes").code == 0
    assert not list((folder / "news").rglob(f"{BRIDGE.id}*"))
    reprint = json.loads(qqnews("--archive", "news", "show", REPRINT.id, "-o", "json").out)
    assert "望潮桥" in reprint["markdown"]
    assert qqnews("--archive", "news", "verify", "--read-data").code == 0


@pytest.mark.parametrize("word", ["", BRIDGE.id[:4], BRIDGE.id[:-1], f"{BRIDGE.id}@1"])
def test_only_an_article_named_in_full_is_forgotten(word: str, qqnews: Run, news: Path) -> None:
    """`forget "$id"` with nothing in `id`, or half of one, must not take what happens to fit."""
    ended = qqnews("--archive", "news", "forget", word, "--yes")

    assert ended.code == Exit.USAGE
    assert len(qqnews("--archive", "news", "list").out.splitlines()) == 4


def test_forgetting_one_text_of_an_article_is_refused_for_what_it_is(
    qqnews: Run, news: Path
) -> None:
    ended = qqnews("--archive", "news", "forget", f"{BRIDGE.id}@1", "--yes")

    assert f"articles are forgotten whole, by their full id: {BRIDGE.id}" in ended.err


def test_what_repair_would_set_aside_is_said_in_the_words_it_uses_when_it_does(
    qqnews: Run, news: Path
) -> None:
    next(news.glob(f"articles/*/*/{BRIDGE.id}.md")).write_text("not what was written")

    would, *_ = objects(qqnews("--archive", "news", "repair").out)
    did, *_ = objects(qqnews("--archive", "news", "repair", "--apply").out)

    assert would["detail"] == "to lost+found/"
    assert did["detail"].startswith("to lost+found/")
    assert (news / did["detail"].removeprefix("to ")).is_file()


def test_merging_brings_what_the_other_saw(qqnews: Run, news: Path) -> None:
    qqnews("init", "mine")

    ended = qqnews("--archive", "mine/data", "merge", "news")

    assert ended.code == 0, ended.err
    assert "4 articles, 4 of them new" in ended.err
    ours = qqnews("--archive", "mine/data", "list", "-o", "url").out
    assert ours == qqnews("--archive", "news", "list", "-o", "url").out


def test_merging_says_what_the_other_forgot(qqnews: Run, news: Path, folder: Path) -> None:
    shutil.copytree(news, folder / "mine")
    qqnews("--archive", "news", "forget", HARVEST.id, "--yes")

    ended = qqnews("--archive", "mine", "merge", "news")

    assert ended.code == 0
    assert ended.err.startswith("3 articles, 0 of them new, 1 forgotten there; ")


def test_rendered_files_stand_on_their_own(qqnews: Run, news: Path, folder: Path) -> None:
    looked = qqnews("--archive", "news", "render", "--out", "site", "-n")
    assert not (folder / "site").exists()

    ended = qqnews("--archive", "news", "render", "--out", "site", "--profile", "obsidian")

    assert ended.out == looked.out
    paths = [Path(line) for line in ended.out.splitlines()]
    assert len(paths) == 4
    bridge = next(path for path in paths if path.stem == BRIDGE.id)
    text = bridge.read_text("utf-8")
    assert text.startswith(f'---\ntitle: "{BRIDGE.title}"\nsource: ')
    copy = next(path for path in paths if path.stem == REPRINT.id).read_text("utf-8")
    for written in (text, copy):
        assert "回家的石头" in written
        link = written.partition("](../../")[2].partition(")")[0]
        assert (bridge.parent / "../../" / link).is_file()

    wrong = qqnews("--archive", "news", "render", "--out", "x", "--profile", "nope")
    assert (wrong.code, wrong.err.count("\n")) == (Exit.USAGE, 1)
    assert "mainroad" in wrong.err


def test_rendering_never_goes_into_the_archive(qqnews: Run, news: Path) -> None:
    """Its files are what everything else is made from."""
    for place in ("news", "news/articles", "elsewhere/../news/articles/2016"):
        ended = qqnews("--archive", "news", "render", "--out", place, "--profile", "obsidian")
        assert (ended.code, ended.out) == (Exit.USAGE, ""), ended.err

    assert qqnews("--archive", "news", "verify", "--read-data").code == 0


def test_whoever_makes_rendered_pictures_smaller_leaves_those_of_the_archive_as_they_are(
    qqnews: Run, news: Path, folder: Path
) -> None:
    qqnews("--archive", "news", "render", "--out", "site")
    pictures = [path for path in (folder / "site/images").rglob("*") if path.is_file()]
    assert pictures

    for picture in pictures:
        with picture.open("r+b") as file:
            file.truncate(20)

    assert qqnews("--archive", "news", "verify", "--read-data").code == 0


def test_a_rendered_file_that_would_not_change_is_left_alone(
    qqnews: Run, news: Path, folder: Path
) -> None:
    """So a site generator, or rsync, sees only what is new."""
    written = [
        Path(line) for line in qqnews("--archive", "news", "render", "--out", "site").out.split()
    ]
    before = {path: path.stat().st_ino for path in written}
    changed = next(path for path in written if path.stem == BRIDGE.id)
    text = changed.read_bytes()
    changed.write_bytes(b"somebody else's")

    again = qqnews("--archive", "news", "render", "--out", "site")

    assert [Path(line) for line in again.out.split()] == written
    assert changed.read_bytes() == text
    assert {path for path in written if path.stat().st_ino != before[path]} == {changed}


def test_one_damaged_text_does_not_keep_the_others_from_being_rendered(
    qqnews: Run, news: Path
) -> None:
    next(news.glob(f"articles/*/*/{BRIDGE.id}.md")).write_text("not what was written")

    ended = qqnews("--archive", "news", "render", "--out", "site")

    assert ended.code == Exit.DAMAGE
    assert f"{BRIDGE.id}.md is not what was written" in ended.err
    assert len(ended.out.splitlines()) == 2  # the article and its reprint are not


def test_a_picture_that_is_lost_or_damaged_keeps_no_text_from_being_rendered(
    qqnews: Run, news: Path, folder: Path
) -> None:
    lost, damaged, *_ = sorted(news.glob("images/*/*"))
    lost.unlink()
    damaged.write_bytes(damaged.read_bytes()[:-9])

    ended = qqnews("--archive", "news", "render", "--out", "site")

    assert ended.code == Exit.DAMAGE
    for picture in (lost, damaged):
        name = picture.relative_to(news)
        assert f"{name} is not what was written — qqnews repair" in ended.err
        assert not (folder / "site" / name).exists()
    assert len(ended.out.splitlines()) == 4


def test_a_template_that_is_no_text_is_a_mistake_in_the_call(
    qqnews: Run, news: Path, folder: Path
) -> None:
    (folder / "template").write_bytes(b"\xff\xfe")

    ended = qqnews("--archive", "news", "render", "--out", "site", "--template", "template")

    assert (ended.code, ended.out) == (Exit.USAGE, "")
    assert "template is not UTF-8 text" in ended.err


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


def test_doctor_looks_around(qqnews: Run, news: Path) -> None:
    ended = qqnews("--archive", "news", "doctor", "-o", "jsonl")

    names = {row["name"] for row in objects(ended.out)}
    assert ended.code == 0
    assert names >= {"config", "python", "sqlite", "index", "folder", "disk", "lock", "clock"}


def test_what_the_doctor_leaves_with_says_what_is_bad(qqnews: Run, news: Path) -> None:
    assert qqnews("--archive", "nowhere", "doctor").code == Exit.USAGE
    (news / "qqnews.db").write_bytes(b"rubbish" * 1000)
    assert qqnews("--archive", "news", "doctor").code == Exit.DAMAGE
    news.chmod(0o777)
    assert qqnews("--archive", "news", "doctor").code == Exit.STORAGE


@needs_mounts
def test_a_disk_that_is_nearly_full_is_a_matter_of_storage(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    disk = SmallDisk(tmp_path, environment)

    _, looked = disk.run(
        "size=64m", ["init", str(disk.root)], ["--archive", str(disk.root / "data"), "doctor"]
    )

    assert (looked.code, "BAD   disk" in looked.out) == (Exit.STORAGE, True), looked.out


def test_a_share_of_the_data_is_a_percentage(qqnews: Run, news: Path) -> None:
    assert qqnews("--archive", "news", "verify", "--read-data=10%").code == 0
    for wrong in ("some", "150%", "-1%"):
        ended = qqnews("--archive", "news", "verify", f"--read-data={wrong}")
        assert (ended.code, ended.err.count("\n")) == (Exit.USAGE, 1)
