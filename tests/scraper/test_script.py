"""Literals in scripts are read, never run; what is none reads as None, however it is written."""

import json
import re
import string
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.capture import Capture
from scraper.page import Page
from scraper.script import value_after, value_at

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


def as_javascript(value: Any) -> str:
    """The value as a page of qq.com might write it: single quotes, bare keys, trailing commas, comments."""
    if isinstance(value, dict):
        members = (f"{key if key.isidentifier() and key.isascii() else as_javascript(key)} : {as_javascript(inner)} ,"
                   for key, inner in value.items())  # fmt: skip
        return "{ /* {'a': [ */ " + " ".join(members) + "} // end }\n"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_javascript, value)) + "]"
    if isinstance(value, str):
        quoted = json.dumps(value)[1:-1].replace('\\"', '"').replace("'", "\\'")
        return f"'{quoted}'"
    return json.dumps(value)


@given(st.dictionaries(st.text(max_size=6), JSON, max_size=4))
@settings(max_examples=200, deadline=None)
def test_a_javascript_literal_says_what_its_json_says(value: dict[str, Any]) -> None:
    clean = json.loads(json.dumps(value).encode("utf-8", "replace"))

    assert value_at(as_javascript(clean)) == clean
    assert value_at(json.dumps(clean) + "; window.x = {}") == clean


@given(st.text(alphabet=string.printable + "中\u2028", max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_text_reads_as_a_value_or_as_none(text: str) -> None:
    for opening in ("{", "['", "{a:", ""):
        value_at(opening + text)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (
            "{a: undefined, b: NaN, c: void 0, d: null}",
            {"a": None, "b": None, "c": None, "d": None},
        ),
        (
            "{a: JsDecode('x\\x26amp;y'), b: '7' * 1, c: '' * 1}",
            {"a": "x&amp;y", "b": 7, "c": None},
        ),
        ("{a: window.a || {}, b: '' || 'two' || 'three'}", {"a": {}, "b": "two"}),
        (
            "{a: 'one' + 'two', b: !0, c: !1, d: 0x10, e: .5}",
            {"a": "onetwo", "b": True, "c": False, "d": 16, "e": 0.5},
        ),
        (
            "{a: function (b) { return '}'; }, c: new Date(), d: x ? 1 : 2, e: 3}",
            {"a": None, "c": None, "d": None, "e": 3},
        ),
        ("{a: '\\ud83d\\ude00', b: '\\ud83d'}", {"a": "😀", "b": "\ufffd"}),
        (
            "{a: '</script>', b: '};', __proto__: {c: 1}}",
            {"a": "</script>", "b": "};", "__proto__": {"c": 1}},
        ),
        ("{a: 1, a: 2}", {"a": 2}),
        (
            "{a: 'line\nbreak\\\nhere', b: `tem\\`plate`}",
            {"a": "line\nbreakhere", "b": "tem`plate"},
        ),
    ],
)
def test_expressions_read_as_what_they_say(written: str, meant: dict[str, Any]) -> None:
    assert value_at(written) == meant


@pytest.mark.parametrize(
    "cut", ["{", "{'a", "{'a': 'b", "{a: [1, 2", "[", "'", "{a: /* ", "plain words", "", "}"]
)
def test_what_is_cut_short_reads_as_none(cut: str) -> None:
    assert value_at(cut) is None


@pytest.mark.parametrize(
    "bomb",
    ["[" * 10**6, "{a:" * 300_000, "{a: f(" * 10**5, "{a:" + "!" * 10**6, "{'" + "\\" * 10**6, "{a:" + "/*" * 10**6,
     '{"a":' + '"x",' * 10**5, "{a: x" + " + y" * 10**5, "{a: '" + "\\x4" * 10**5, "{a:" + "1" * 10**6 + "}",
     "{a: x ? " + "/*a" * 30_000, "{a:" + "/*a" * 30_000, "{a: x " + "/a" * 50_000, "{" + "a " * 50_000,
     "{a:f(" + "1," * 50_000],
    ids=lambda bomb: bomb[:8],
)  # fmt: skip
def test_a_bomb_is_refused_in_linear_time(bomb: str) -> None:
    start = time.process_time()

    value_at(bomb)

    assert time.process_time() - start < 1.5


DATA = re.compile(r"window\.DATA\s{0,9}=\s{0,9}")


def test_only_scripts_speak() -> None:
    """A page whose text quotes a script is not taken at that word."""
    body = '<p>window.DATA = {"id": 1}</p><script>var a;</script><script>window.DATA = {"id": 2};</script>'
    page = Page(Capture(url="file:///p", at=datetime.now(UTC), body=body.encode()))

    assert page.json_after(DATA) == {"id": 2}


def test_a_brace_inside_a_string_ends_nothing() -> None:
    script = 'window.DATA = {"text": "a };window.DATA = {\\"x\\": 1}"};'

    assert value_after(script, DATA) == {"text": 'a };window.DATA = {"x": 1}'}


@pytest.mark.parametrize(
    "script",
    [
        r"""window.DATA = JSON.parse("{\"text\": \"a\"}");""",
        "window.DATA = JSON.parse(decodeURIComponent('%7B%22text%22%3A%22a%22%7D'));",
        "window.DATA = window.DATA || {text: 'a'};",
        "window.DATA = window.DATA || {};\nwindow.DATA = {'text': 'a'};",
        "window.DATA = null;window.DATA = {'text': 'a'};",
        "window.DATA = {};window.DATA = {'text': 'a'};",
    ],
)
def test_a_value_is_read_also_where_it_is_wrapped_or_assigned_second(script: str) -> None:
    assert value_after(script, DATA) == {"text": "a"}


@pytest.mark.parametrize(
    "script",
    [
        "window.DATA = window.DATA || {};",
        "window.DATA = JSON.parse(x);",
        "window.DATA = JSON.parse('{');",
    ],
)
def test_a_value_that_says_nothing_is_none(script: str) -> None:
    assert value_after(script, DATA) is None
