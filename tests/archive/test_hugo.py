"""Hugo itself reads every profile, whatever a page put into its headline.  Skips where Hugo is not installed."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from archive.article import BEIJING
from archive.document import settled, write
from archive.profiles import PROFILES
from tests.archive.document.example import ARTICLE, DOCUMENT, FILE, NASTY

DOCS = Path(__file__).resolve().parents[2] / "docs" / "files.md"
HUGO = shutil.which("hugo")
PAGE = """
{{ template "_internal/opengraph.html" . }}{{ template "_internal/schema.html" . }}
<h1>{{ .Title }}</h1><time>{{ .Date }}</time>{{ .Keywords }}{{ .Summary }}{{ .Content }}
"""


needs_hugo = pytest.mark.skipif(HUGO is None, reason="hugo is not installed")


@needs_hugo
def test_hugo_builds_every_page_without_a_warning(tmp_path: Path) -> None:
    posts = tmp_path / "content" / "post"
    layouts = tmp_path / "layouts" / "_default"
    posts.mkdir(parents=True)
    layouts.mkdir(parents=True)
    (layouts / "single.html").write_text(PAGE, "utf-8")
    (layouts / "list.html").write_text("{{ .Title }}", "utf-8")
    (tmp_path / "hugo.toml").write_text(
        'baseURL = "https://example.org/"\ntitle = "t"\ntimeZone = "Asia/Shanghai"\n', "utf-8"
    )
    article = replace(
        ARTICLE, published=datetime(2025, 2, 8, 7, 22, 15, tzinfo=BEIJING), updated=None
    )
    document = replace(DOCUMENT, article=article, captured=datetime(2025, 2, 9, tzinfo=UTC))
    for name, profile in PROFILES.items():
        (posts / f"{name}.md").write_text(write(document, profile), "utf-8")
    for number, title in enumerate(NASTY):
        nasty = replace(document, article=replace(article, title=f"题{title}", outlet=title))
        (posts / f"nasty-{number}.md").write_text(write(nasty), "utf-8")

    assert HUGO
    done = subprocess.run([HUGO, "--source", tmp_path], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "WARN" not in done.stdout + done.stderr
    for name in PROFILES:
        built = (tmp_path / "public" / "post" / name / "index.html").read_text("utf-8")
        assert f"<h1>{settled(document).article.title}</h1>" in built
        assert "2025-02-08 07:22:15" in built
    assert len(list((tmp_path / "public" / "post").glob("*/index.html"))) == len(NASTY) + len(
        PROFILES
    )


@needs_hugo
@pytest.mark.parametrize("way", ["uglyURLs", "hook"])
def test_hugo_finds_the_pictures_in_both_ways_that_the_docs_tell(tmp_path: Path, way: str) -> None:
    news = tmp_path / "content" / "news"
    layouts = tmp_path / "layouts" / "_default"
    (news / "2025" / "02").mkdir(parents=True)
    (layouts / "_markup").mkdir(parents=True)
    (layouts / "single.html").write_text("{{ .Content }}", "utf-8")
    settings = 'baseURL = "https://example.org/site/"\ntitle = "t"\n'
    if way == "hook":
        (hook,) = re.findall(r"```go-html-template\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
        (layouts / "_markup" / "render-image.html").write_text(hook, "utf-8")
    (tmp_path / "hugo.toml").write_text(settings + "uglyURLs = true\n" * (way == "uglyURLs"))
    past = datetime(2025, 2, 8, tzinfo=BEIJING)  # Hugo shows nothing that lies ahead
    document = replace(DOCUMENT, article=replace(ARTICLE, published=past))
    (news / "2025" / "02" / "page.md").write_text(write(document, root="../../"), "utf-8")
    picture = news / FILE.path
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"a picture")

    assert HUGO
    subprocess.run([HUGO, "--quiet", "--source", tmp_path], check=True)

    (page,) = (tmp_path / "public" / "news" / "2025").rglob("*.html")
    folder = page.parent.relative_to(tmp_path / "public").as_posix()
    (source,) = re.findall(r'<img src="([^"]*\.jpg)"', page.read_text("utf-8"))
    path = urlsplit(urljoin(f"https://example.org/site/{folder}/", source)).path
    assert (tmp_path / "public" / path.removeprefix("/site/")).read_bytes() == b"a picture"
