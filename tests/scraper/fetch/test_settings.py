"""Settings of the network that cannot be."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scraper.fetch.settings import Mapping, NetworkSettings
from tests.scraper.fetch.conftest import HURRIED

QUIET = replace(HURRIED, robots="ignore")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"user_agent": "qqnews\r\nX: y"}, "visible ASCII"),
        ({"user_agent": " "}, "visible ASCII"),
        ({"hosts": ("https://qq.com",)}, "not a domain"),
        ({"hosts": ("*.qq.com",)}, "not a domain"),
        ({"allow_private": ("10.0.0.1/8",)}, "allow_private"),
        ({"allow_private": ("private",)}, "allow_private"),
        ({"connect_to": ("news.qq.com",)}, "HOST:PORT:TOHOST:TOPORT"),
        ({"connect_to": ("a:70000:b:1",)}, "no port 70000"),
        ({"proxy": "ftp://127.0.0.1"}, "proxy must begin"),
        ({"proxy": "http://user:secret@127.0.0.1:99999"}, "proxy: Port out of range"),
        ({"proxy": "socks5://127.0.0.1:socks"}, "proxy: Port could not be cast"),
        ({"proxy": "http://:8080"}, "proxy: a host"),
        ({"ports": (443, 99999)}, "no port 99999"),
        ({"ports": (0,)}, "no port 0"),
        ({"proxy": "http://127.0.0.1:1", "connect_to": ("::a:1",)}, "exclude each other"),
        ({"night": "1-7"}, "01:00-07:00"),
        ({"night": "24:00-07:00"}, "01:00-07:00"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_in_one_line(
    changes: dict[str, Any], line: str
) -> None:
    with pytest.raises(ValueError, match=line):
        NetworkSettings(**changes)


@pytest.mark.parametrize(
    ("text", "host", "port", "claimed"),
    [
        ("news.qq.com:443:x:1", "news.qq.com", 443, True),
        ("news.qq.com:443:x:1", "news.qq.com", 80, False),
        ("news.qq.com:443:x:1", "a.news.qq.com", 443, False),
        ("NEWS.qq.com::x:1", "news.qq.com", 80, True),
        ("::x:1", "anything", 1, True),
        (":443:x:1", "anything", 443, True),
        ("[::1]:443:x:1", "::1", 443, True),
    ],
)
def test_connect_to_claims_what_curl_s_would(
    text: str, host: str, port: int, claimed: bool
) -> None:
    assert Mapping.read(text).claims(host, port) is claimed


def test_the_settings_load_no_http_library() -> None:
    code = "import scraper.fetch.settings, sys; print({'httpx', 'httpcore', 'ssl', 'asyncio'} & set(sys.modules))"
    root = Path(__file__).resolve().parents[3]

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )

    assert done.stdout == "set()\n"


def test_to_fetch_is_not_to_load_what_draws_on_terminals() -> None:
    code = (
        "import scraper.fetch.fetcher, sys; print({'rich', 'pygments', 'click'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
