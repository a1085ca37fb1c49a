"""`render`: files that stand on their own, and leave the archive's alone."""

from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from scraper.cli.exits import Exit
from scraper.demo.stories import BRIDGE, REPRINT
from tests.cli.conftest import Run


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


def test_a_picture_that_stays_in_the_archive_is_found_whatever_the_folders_on_the_way_are_called(
    qqnews: Run, news: Path, folder: Path
) -> None:
    there = news.rename(folder / "石桥 [100%] (old) #1")

    qqnews("--archive", there, "render", "--out", "site", "--no-pictures")

    links = []
    for file in folder.glob("site/**/*.md"):
        tree = SyntaxTreeNode(MarkdownIt().parse(file.read_text("utf-8").rpartition("---\n")[2]))
        images = [node for node in tree.walk() if node.type == "image"]
        links += [file.parent / unquote(str(node.attrs["src"])) for node in images]
    assert links
    assert [link for link in links if not link.is_file()] == []


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
