"""`verify`, `repair`, `rebuild`: what is lost or changed is found, told and mended."""

from dataclasses import replace
from pathlib import Path

import pytest

from scraper.cli.exits import Exit
from scraper.demo.pages import rain
from scraper.demo.stories import BRIDGE, HARVEST, REPRINT, Story
from tests.archive.newsroom import files
from tests.cli.conftest import Kept, Run, objects
from tests.cli.looking_after.readings import kept_in


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


def test_what_repair_would_set_aside_is_said_in_the_words_it_uses_when_it_does(
    qqnews: Run, news: Path
) -> None:
    next(news.glob(f"articles/*/*/{BRIDGE.id}.md")).write_text("not what was written")

    would, *_ = objects(qqnews("--archive", "news", "repair").out)
    did, *_ = objects(qqnews("--archive", "news", "repair", "--apply").out)

    assert would["detail"] == "to lost+found/"
    assert did["detail"].startswith("to lost+found/")
    assert (news / did["detail"].removeprefix("to ")).is_file()


def test_a_share_of_the_data_is_a_percentage(qqnews: Run, news: Path) -> None:
    assert qqnews("--archive", "news", "verify", "--read-data=10%").code == 0
    for wrong in ("some", "150%", "-1%"):
        ended = qqnews("--archive", "news", "verify", f"--read-data={wrong}")
        assert (ended.code, ended.err.count("\n")) == (Exit.USAGE, 1)
