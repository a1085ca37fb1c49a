"""The search language: what it means, and what it says when it cannot be read."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.article import BEIJING
from archive.errors import QueryError
from archive.query import (
    FIELDS,
    All,
    Any,
    Named,
    Node,
    Not,
    Query,
    When,
    Words,
    both,
    parse,
    span,
    words,
)

NOW = datetime(2030, 3, 5, 16, 30, tzinfo=UTC)  # the sixth in Beijing


def said(node: Node | None) -> object:
    """The query as nested tuples, short enough to read."""
    match node:
        case Words(term, title):
            return f"title:{term.text}" if title else term.text
        case Named(field, values):
            return f"{field}={','.join(values)}"
        case When(start, end):
            return f"{start and start.date()}..{end and end.date()}"
        case Not(part):
            return ("not", said(part))
        case All(parts):
            return ("all", *map(said, parts))
        case Any(parts):
            return ("any", *map(said, parts))
        case None:
            return None


def read(text: str) -> object:
    return said(parse(text, now=NOW).root)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("杭州", "杭州"),
        ("杭州 六小龙", ("all", "杭州", "六小龙")),
        ("杭州 AND 六小龙", ("all", "杭州", "六小龙")),
        ("“杭州 六小龙”", "杭州 六小龙"),
        ('"杭州六小龙"', "杭州六小龙"),
        ("「灯会」『开幕』", ("all", "灯会", "开幕")),
        ("杭州、上海。", ("all", "杭州", "上海")),
        ("杭州 OR 上海 北京", ("any", "杭州", ("all", "上海", "北京"))),
        ("(杭州 | 上海) 北京", ("all", ("any", "杭州", "上海"), "北京")),
        ("（杭州 ｜ 上海） －北京", ("all", ("any", "杭州", "上海"), ("not", "北京"))),
        ("NOT 杭州", ("not", "杭州")),
        ('-"一 二"', ("not", "一 二")),
        ("GPT-4", "GPT-4"),
        ("外交部：回应", "外交部：回应"),
        ("title:杭州", "title:杭州"),
        ("标题：杭州", "title:杭州"),
        ("outlet:日报,晚报", "outlet=日报,晚报"),
        ("来源：“滨江 日报”", "outlet=滨江 日报"),
        ("source:日报 channel:tech", ("all", "outlet=日报", "category=tech")),
        ("-outlet:日报", ("not", "outlet=日报")),
        ("has:image,video", "has=picture,video"),
        ("is:deleted", "is=gone"),
        ("state:gone", "state=gone"),
        ("id:2030", "id=2030"),
        ("https://news.qq.com/rain/a/X?a=1:2", "url=https://news.qq.com/rain/a/X?a=1:2"),
        ("after:2030-01-02", "2030-01-02..None"),
        ("before:2030年1月2日", "None..2030-01-02"),
        ("on:2030-02", "2030-02-01..2030-03-01"),
        ("on:2030", "2030-01-01..2031-01-01"),
        ("on:today", "2030-03-06..2030-03-07"),
        ("on:昨天", "2030-03-05..2030-03-06"),
        ("", None),
        ("   ", None),
    ],
)
def test_a_query_means(text: str, meaning: object) -> None:
    assert read(text) == meaning


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('"杭州', "a quote is opened and not closed"),
        ("(杭州", "a ( is opened and not closed"),
        ("杭州)", "a ) too many"),
        ("()", "nothing between ( and )"),
        ("杭州 OR", "OR needs something on both sides"),
        ("OR 杭州", "OR needs something on both sides"),
        ("AND", "AND needs something on both sides"),
        ("杭州 AND", "AND needs something on both sides"),
        ("(AND 杭州)", "AND needs something on both sides"),
        ("杭州 AND OR 上海", "AND needs something on both sides"),
        ("杭州 AND AND 上海", "AND needs something on both sides"),
        ("杭州 -", "no word to search for in '-'"),
        ("NOT", "a minus needs something after it"),
        ("outlet:", "outlet: is followed by nothing"),
        ("outlet: 日报", "outlet: is followed by nothing"),
        ("outlet:,", "outlet: is followed by nothing"),
        ("otlet:日报", "no field is called 'otlet' — did you mean outlet"),
        ("state:gon", "no state is called 'gon' — did you mean gone"),
        ("has:pictur", "has: does not know 'pictur' — did you mean picture"),
        ("is:foo", "is: does not know 'foo'"),
        ("after:tomorrow", "'tomorrow' is no date"),
        ("after:2030-13", "'2030-13' is no date"),
        ("after:99999y", "'99999y' is no date"),
        ("，。", "no word to search for"),
        ("(" * 100 + "a" + ")" * 100, "nested deeper than 50"),
        ("字" * 3000, "longer than 2000 characters"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(text: str, complaint: str) -> None:
    with pytest.raises(QueryError) as error:
        parse(text, now=NOW)

    assert complaint in str(error.value)
    assert "\n" not in str(error.value)


@given(
    st.text(
        alphabet=st.sampled_from('杭州ab1 "“”()（）-|:：,OR「」\n*%') | st.characters(), max_size=40
    )
)
def test_any_text_is_a_query_or_an_error_in_one_line(text: str) -> None:
    try:
        assert isinstance(parse(text, now=NOW), Query)
    except QueryError as error:
        assert error.what


@given(st.text(max_size=40))
def test_words_takes_any_text_for_what_it_is(text: str) -> None:
    root = words(text).root

    assert root is None or isinstance(root, Words)


def test_only_wanted_words_are_marked() -> None:
    query = parse("杭州 -上海 (北京 OR title:广州) outlet:日报", now=NOW)

    assert [term.text for term in query.terms] == ["杭州", "北京", "广州"]


def test_two_queries_together_ask_for_both() -> None:
    query = both(parse("杭州 OR 上海", now=NOW), Query(None), parse("is:gone", now=NOW))

    assert said(query.root) == ("all", ("any", "杭州", "上海"), "is=gone")
    assert [term.text for term in query.terms] == ["杭州", "上海"]


def test_a_stretch_counted_back_ends_now() -> None:
    assert span("7d", now=NOW) == (NOW - timedelta(days=7), NOW)


def test_days_are_beijing_days() -> None:
    start, end = span("2030-01-02", now=NOW)

    assert start == datetime(2030, 1, 2, tzinfo=BEIJING)
    assert end - start == timedelta(days=1)


def test_no_name_means_two_fields() -> None:
    names = [name for field, others in FIELDS.items() for name in (field, *others)]

    assert len(names) == len(set(names))
