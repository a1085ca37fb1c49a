"""The same fragments in Hugo, where it is installed: its Goldmark drops raw HTML and reads shortcodes."""

from pathlib import Path

import pytest

from scraper.markdown import write
from tests.bodies import PLAIN, root_of
from tests.roundtrip import differences, hugo, looked_at, rendered
from tests.scraper.markdown.test_fragments import FRAGMENTS, LOST
from tests.scraper.markdown.test_hostile import PAYLOADS

needs_hugo = pytest.mark.skipif(hugo.program() is None, reason="hugo is not installed")


@needs_hugo
def test_hugo_shows_what_the_page_showed(tmp_path: Path) -> None:
    """One build for all of them: a build takes longer than a thousand pages."""
    escaped = [payload.replace("&", "&amp;").replace("<", "&lt;") for payload in PAYLOADS]
    bodies = [html for html, _ in FRAGMENTS.values() if html not in LOST]
    bodies += [f"<p>{said}</p><pre>{said}</pre>" for said in escaped]
    roots = [root_of(html) for html in bodies]

    shown = hugo.render([write(root, PLAIN).markdown for root in roots], tmp_path)

    wrong = {
        html: found
        for html, root, page in zip(bodies, roots, shown, strict=True)
        if (found := differences(looked_at(root, PLAIN), rendered(page)))
    }
    assert wrong == {}


@needs_hugo
def test_what_gives_way_does_not_end_the_build(tmp_path: Path) -> None:
    """Struck text inside bold text in a heading ended that of Hugo 0.121: no page of the whole site was written."""
    roots = [root_of(html) for html in LOST]

    shown = hugo.render([write(root, PLAIN).markdown for root in roots], tmp_path)

    for root, page in zip(roots, shown, strict=True):
        lost = differences(looked_at(root, PLAIN), rendered(page))
        assert [line for line in lost if not line.startswith("marks: ")] == []
