"""Facts as pages print them, made plain."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.layouts.facts import beijing, headline, line, seconds, text, words

ANYTHING: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
    | st.lists(st.text(max_size=5), max_size=3) | st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2)
)  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("2024-05-13 06:16:25", "2024-05-13T06:16:25+08:00"),
        ("2016年10月14日07:17", "2016-10-14T07:17:00+08:00"),
        ("2019/09/07 19:02", "2019-09-07T19:02:00+08:00"),
        ("2017-11-29", "2017-11-29T00:00:00+08:00"),
        ("发布于 2026-03-05 08:15 北京", "2026-03-05T08:15:00+08:00"),
        ("2026-03-05T00:15:30Z", "2026-03-05T08:15:30+08:00"),
        ("2026-03-05T08:15:30.123+08:00", "2026-03-05T08:15:30+08:00"),
        ("2024年5月1日 下午3:05", "2024-05-01T15:05:00+08:00"),
        ("2024-05-01 上午 9:05", "2024-05-01T09:05:00+08:00"),
        ("2024-05-01 3:05 PM", "2024-05-01T15:05:00+08:00"),
        ("2024-05-01 12:05AM", "2024-05-01T00:05:00+08:00"),
        (1511922706, "2017-11-29T10:31:46+08:00"),
        ("1511922706000", "2017-11-29T10:31:46+08:00"), (1511922706.5, "2017-11-29T10:31:46+08:00"),
        ("刚刚", None), ("", None), (None, None), ("2016-13-40 01:00", None), ("0000-00-00 00:00:00", None),
        ("1970-01-01 08:00:00", None), (0, None), (["2024-05-13"], None), ("12345678", None),
    ],
)  # fmt: skip
def test_a_time_is_beijings_unless_it_says_otherwise(printed: object, meant: str | None) -> None:
    when = beijing(printed)

    assert (when.isoformat() if when else None) == meant


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("云溪渡船首航_腾讯新闻", "云溪渡船首航"),
        ("云溪渡船首航_科技_腾讯网", "云溪渡船首航"),
        ("歌会唱到天亮_大陆新闻_娱乐_腾讯网", "歌会唱到天亮"),
        ("云溪渡船首航-腾讯网", "云溪渡船首航"),
        ("渡船 | 腾讯新闻", "渡船"),
        ("渡船_腾讯新闻客户端", "渡船"),
        ("渡船首航_新闻_手机腾讯网", "渡船首航"),
        ("渡船首航_腾讯视频", "渡船首航"),
        ("“硬核”_崛起", "“硬核”_崛起"),
        ("腾讯网", "腾讯网"),
        ("采访腾讯新闻", "采访腾讯新闻"),
        ("A_B测试_腾讯新闻", "A_B测试"),
        ("  渡船&nbsp;首航&amp;返航 <b>快讯</b>\u200b\n", "渡船 首航&返航 快讯"),
        ("1 < 2 且 3 > 2", "1 < 2 且 3 > 2"),
    ],
)
def test_a_headline_comes_without_the_name_of_the_site(printed: str, meant: str) -> None:
    assert headline(printed) == meant


def test_keywords_come_from_lists_and_lines_each_once_and_without_the_title() -> None:
    assert words("渡船,云溪，渡船;  青石、", but="云溪") == ("渡船", "青石")
    assert words(["渡船", None, {"a": 1}, " 云溪 "]) == ("渡船", "云溪")
    assert words("长" * 41) == ()
    assert words(None) == ()


def test_durations_are_seconds() -> None:
    assert [
        seconds(one) for one in ("00:02:24", "5:10", "95", 95, 95.6, "", None, "很长", "1:2:3:4")
    ] == [144, 310, 95, 95, 95, 0, 0, 0, 0]


@given(ANYTHING)
@settings(max_examples=200, deadline=None)
def test_whatever_a_page_holds_reads_as_a_fact_or_as_nothing(value: Any) -> None:
    assert "\n" not in line(value)
    assert headline(value) == headline(headline(value)) or "_" in headline(value)
    assert isinstance(words(value), tuple)
    assert seconds(value) >= 0
    text(value).encode()
    beijing(value)


@pytest.mark.parametrize(
    "piece",
    [
        "-",
        " ",
        "_",
        "_a",
        "<a",
        "<a ",
        "<",
        "&",
        "&#",
        "<!--",
        "—",
        " -",
        "，",
        "1",
        "2016-",
        "腾讯网_",
        "\u200b",
    ],
)
def test_a_hundred_kilobytes_of_anything_take_no_time(piece: str) -> None:
    """The patterns are linear: no title can make them hang."""
    long = piece * (100_000 // len(piece))
    start = time.process_time()

    headline(long)
    line(long)
    words(long)
    beijing(long)
    seconds(long)

    assert time.process_time() - start < 0.5
