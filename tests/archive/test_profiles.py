"""One article, many faces."""

from dataclasses import replace

import pytest
import yaml

from archive.document import read, settled
from archive.errors import QueryError
from archive.profiles import PROFILES, named, rendered, templated
from tests.archive.document.example import ARTICLE, DOCUMENT, FILE


def head(text: str) -> dict[str, object]:
    found = yaml.safe_load(text.split("---\n")[1])
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_can_be_read_back(name: str) -> None:
    assert read(rendered(DOCUMENT, name)) == settled(DOCUMENT)


@pytest.mark.parametrize("name", PROFILES)
def test_what_a_page_does_not_say_is_not_made_up(name: str) -> None:
    article = replace(ARTICLE, published=None, author="", tags=(), summary="", cover="")
    document = replace(DOCUMENT, article=article)

    assert read(rendered(document, name)) == settled(document)


def test_plain_says_when_with_its_offset_and_ends_with_the_text() -> None:
    text = rendered(DOCUMENT, "plain")

    assert head(text)["date"] == "2030-01-02T07:22:15+08:00"
    assert head(text)["tags"] == ["灯会", "滨江"]
    assert text.endswith("结尾。\n")


def test_obsidian_has_the_properties_its_clipper_writes() -> None:
    article = replace(ARTICLE, author="某[甲]", tags=("灯 会", "2030", "#热点", "、"))

    found = head(rendered(replace(DOCUMENT, article=article), "obsidian"))

    assert found["author"] == "某[甲]"
    assert found["tags"] == ["clippings", "灯-会", "_2030", "热点"]
    assert found["source"] == ARTICLE.url
    assert found["created"] == "2030-01-03"


def test_an_unknown_profile_is_named_with_those_there_are() -> None:
    with pytest.raises(QueryError, match="mainroad, plain, obsidian"):
        named("jekyll")


def test_a_template_of_ones_own_sees_article_and_local_pictures() -> None:
    template = (
        "---\ntitle: {{ article.title | quoted }}\nfrom: {{ article.outlet }}\n"
        "day: {{ article.published.date() }}\n---\n{{ markdown }}\n\n{{ summary }}\n"
    )

    text = templated(DOCUMENT, template, root="../")

    assert head(text)["title"] == ARTICLE.title
    assert "from: 滨江日报\nday: 2030-01-02\n" in text
    assert f"![灯](../{FILE.path})" in text


@pytest.mark.parametrize("title", ['"', "a: b\n---\nc: d", "\\", "{{ 7 * 7 }}", "#", "'"])
def test_a_quoted_value_stays_a_value(title: str) -> None:
    document = replace(DOCUMENT, article=replace(ARTICLE, title=title))

    text = templated(document, "---\ntitle: {{ article.title | quoted }}\n---\n")

    assert head(text) == {"title": settled(document).article.title}


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("{{ article.titel }}", "titel"),
        ("{{ nothing }}", "nothing"),
        ("{% if %}", "template"),
        ("{{ ''.__class__.__mro__ }}", "template"),
        ("{{ article.__init__.__globals__ }}", "template"),
        ("{% include '/etc/passwd' %}", "template"),
        ("{{ markdown.upper( }}", "template"),
        ("{{ 1 / 0 }}", "template"),
    ],
)
def test_a_template_that_cannot_be_used_is_said_in_one_line(template: str, complaint: str) -> None:
    with pytest.raises(QueryError, match=complaint) as error:
        templated(DOCUMENT, template)

    assert "\n" not in str(error.value)


def test_a_template_that_one_article_does_not_suit_is_said_with_that_article() -> None:
    undated = replace(DOCUMENT, article=replace(ARTICLE, published=None))

    with pytest.raises(QueryError, match=f"cannot be used for {ARTICLE.id}: 'None' has no"):
        templated(undated, "{{ article.published.isoformat() }}")
