"""Made-up fragments and the Markdown they become.

`tests/fixtures/markdown/*.txt` holds them: HTML, a line of hyphens, Markdown, a line of equals signs; `(ZWSP)` is a
zero-width space.  Each is also rendered by every renderer and compared with what a reader of the page would see.
"""

from pathlib import Path

import pytest

from tests.bodies import body, complaints_of

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "markdown"


def fragments() -> dict[str, tuple[str, str]]:
    """HTML and Markdown, by the file they stand in and their place there."""
    found = {}
    for path in sorted(FIXTURES.glob("*.txt")):
        cases = path.read_text("utf-8").split(f"{'=' * 60}\n")
        for number, case in enumerate(cases, 1):
            html, _, markdown = case.partition(f"\n{'-' * 20}\n")
            shown = markdown.removesuffix("\n").replace("(ZWSP)", "\u200b")
            found[f"{path.stem}-{number}"] = (html, shown)
    return found


FRAGMENTS = fragments()

LOST = {
    "<p>甲<b>乙<i>丙</b>丁</i></p>": "bold and italic that cross: the italic one gives way",
    "<p>一<i><b>甲</b>乙<b>丙</b></i>二</p>": "italics that begin with bold between letters: asterisks pair wrongly",
    "<p>甲<s><b>乙</b></s>丙</p>": "two marks that begin and end together between letters: struck text stays",
    '<p><a href="https://x.example/a"><span><code>x]y</code></span></a></p>': "a bracket in code would end the link",
    "<h2><b>现价99元，<s>原价199元</s></b></h2>": "Hugo ends its build at struck text in a bold heading",
    '<h2><a href="https://x.example/a">甲<s>乙</s></a></h2>': "Hugo ends its build at struck text in a heading's link",
}
"""What no Markdown shows in every renderer, and what gives way."""


def test_there_are_enough_of_them() -> None:
    assert len({html for html, _ in FRAGMENTS.values()}) == len(FRAGMENTS) > 250


@pytest.mark.parametrize("name", FRAGMENTS)
def test_a_fragment_becomes_this_markdown(name: str) -> None:
    html, markdown = FRAGMENTS[name]

    assert body(html).markdown == markdown


@pytest.mark.parametrize(
    "name", [name for name, (html, _) in FRAGMENTS.items() if html not in LOST]
)
def test_every_renderer_shows_what_the_page_showed(name: str) -> None:
    assert complaints_of(FRAGMENTS[name][0]) == []


@pytest.mark.parametrize("html", LOST, ids=LOST.values())
def test_what_gives_way_is_a_mark_and_nothing_else(html: str) -> None:
    """Should a renderer learn to show it, this fails, and the list gets shorter."""
    lost = complaints_of(html)

    assert lost
    assert all(": marks: " in line for line in lost)


def test_the_numbers_of_a_list_in_a_cell_are_written_out() -> None:
    """A cell holds no list, so they are text; the judge takes a list's numbers for no text."""
    cells = "<td><ol start=3><li>甲</li><li>乙</li></ol></td><td>丙</td>"

    found = body(f"<table><tr>{cells}</tr><tr><td>丁</td><td>戊</td></tr></table>")

    assert found.markdown == "|  |  |\n| --- | --- |\n| 3. 甲 4. 乙 | 丙 |\n| 丁 | 戊 |"
