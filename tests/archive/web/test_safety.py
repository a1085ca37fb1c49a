"""Who may ask for pages, for what, and what no page lets a browser do."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.files import digest, image_path
from archive.web import application, overview
from tests.archive.newsroom import article, capture, open_archive, picture
from tests.archive.web.browser import Browser

ONE = article(1).id
KEPT = digest(picture(1).content)
PAGES = [
    *("/", "/gone", "/timeline", "/runs", "/feed.xml", "/style.css", "/nothing", "/?q=foo:bar"),
    *(f"/a/{ONE}{rest}" for rest in ("", "@1", ".md", ".json", "/history", "/capture", "@99")),
    "/" + image_path(KEPT, "jpg"),
]
GUARD = (
    "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'"
)
SHUT_IN = "default-src 'none'; sandbox; frame-ancestors 'none'"


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_keeps_the_browser_from_running_or_fetching_anything(
    browser: Browser, address: str
) -> None:
    headers = browser.get(address).headers

    from_site = address.endswith((".md", ".json", "/capture", ".jpg"))
    assert headers["Content-Security-Policy"] == (SHUT_IN if from_site else GUARD)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert not [name for name in headers if name.startswith("Access-Control")]
    assert browser.bugs == []


@pytest.mark.parametrize("address", PAGES)
def test_what_a_page_loads_comes_from_this_server(browser: Browser, address: str) -> None:
    page = browser.get(address)
    if page.headers["Content-Type"].startswith("text/html"):
        loaded = [
            *page.html.css("script, iframe, object, embed, base, style, [style], [onclick]"),
            *[node for node in page.html.css("[src]") if not is_ours(node.attributes["src"])],
            *[node for node in page.html.css("link") if not is_ours(node.attributes["href"])],
        ]
        assert loaded == []


def is_ours(address: str | None) -> bool:
    return bool(address) and str(address).startswith("/") and not str(address).startswith("//")


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "127.0.0.1.evil.example", "evil.example:8765", "localhost:x", ""),
        *("localhost,localhost", "localhost@evil.example", "192.168.1.5", "0.0.0.0", "[::]"),
    ],
)
def test_a_name_that_somebody_made_lead_here_is_answered_nothing(
    browser: Browser, host: str
) -> None:
    page = browser.get(f"/a/{ONE}", host=host)

    assert page.status == 421
    assert article(1).title not in page.body.decode()


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8765", "localhost", "LocalHost:1", "[::1]:8765", "news.lan:80"]
)
def test_this_machine_and_the_host_that_was_named_are_answered(browser: Browser, host: str) -> None:
    assert browser.get("/", host=host).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_pages_can_only_be_read(browser: Browser, method: str) -> None:
    page = browser.get("/", method=method)

    assert (page.status, page.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("address", PAGES)
def test_head_says_what_get_says_without_the_body(browser: Browser, address: str) -> None:
    whole, head = browser.get(address), browser.get(address, method="HEAD")

    assert (head.status, head.headers, head.body) == (whole.status, whole.headers, b"")


@pytest.mark.parametrize(
    "address",
    [
        *(
            "/images/../qqnews.db",
            "/images/ab/../../qqnews.db",
            "/qqnews.db",
            "/images/",
            "/images",
        ),
        *("//etc/passwd", "/../../etc/passwd", "/a/../../../etc/passwd", "/a/..", "/a/.", "/a/"),
        *(
            f"/a/{ONE}/../{ONE}",
            f"/a/{ONE}/",
            f"/a/{ONE}.md/",
            f"/a/{ONE}@",
            f"/a/{ONE}@x",
            f"/a/{ONE}@-1",
        ),
        *(f"/a/{ONE[:12]}", f"/a/{ONE}\0", f"/a/{ONE}\n", "/a/._x", "/a/x y", "/a/" + "x" * 300),
        *("/templates/page.html", "/page.html", "/style.css/", "/captures/", "/a/ï¼"),
        f"/images/ff/{KEPT}.jpg",
        f"/images/{KEPT[:2]}/{KEPT}.png",
        f"/images/{KEPT[:2]}/{KEPT}.html",
        f"/images/{KEPT[:2]}/{KEPT.upper()}.jpg",
        f"/images/{KEPT[:2]}/{KEPT}.jpg/..",
        f"/images/ab/{'ab' * 32}.jpg",
        *(
            f"{place}?page=000000001{'9' * digits}"
            for place in ("/", "/gone")
            for digits in (30, 5000)
        ),
        *("/?page=0", "/?page=-1", "/?page=x", "/?page=99999999999", "/gone?page=１"),
        *("/timeline?month=2026-13", "/timeline?month=x", f"/a/{ONE}/history?old=x&new=1"),
        f"/a/{ONE}/history?old={'9' * 5000}&new=1",
    ],
)
def test_an_address_that_names_no_page_names_no_file_either(browser: Browser, address: str) -> None:
    page = browser.get(address)

    assert page.status == 404
    assert page.html.css("header nav a")
    assert browser.bugs == []


def test_a_file_that_the_index_does_not_tell_of_is_no_picture_of_the_archive(
    root: Path, browser: Browser
) -> None:
    stray = b"<script>alert(1)</script>"
    place = root / image_path(digest(stray), "jpg")
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(stray)

    page = browser.get("/" + image_path(digest(stray), "jpg"))

    place.unlink()
    assert page.status == 404


def test_what_is_asked_for_is_written_as_text(browser: Browser) -> None:
    page = browser.get("/?q=%3Cscript%3Ealert(1)%3C/script%3E%22%3E&outlet=%22%3E%3Cimg%20src=x%3E")

    assert page.html.css("script, main img") == []
    (field,) = page.html.css("#q")
    assert field.attributes["value"] == '<script>alert(1)</script>">'


def test_a_form_with_more_fields_than_any_of_ours_is_refused(browser: Browser) -> None:
    assert browser.get("/?" + "&".join(f"q{n}=1" for n in range(60))).status == 400


@pytest.mark.parametrize(
    "query",
    [
        "q=%ff%fe",
        "q=%00",
        "q=%ED%A0%80",
        "from=%00",
        "tag=%00",
        "&&=&=",
        "from=0001-01-01&to=9999-12-30",
    ],
)
def test_bytes_that_are_no_text_do_no_harm(browser: Browser, query: str) -> None:
    assert browser.get(f"/?{query}").status in (200, 400)
    assert browser.bugs == []


def test_an_archive_that_went_away_is_told_in_a_line(tmp_path: Path) -> None:
    root = tmp_path / "news"
    open_archive(root).close()
    browser = Browser(root)
    assert browser.get("/").status == 200

    root.rename(tmp_path / "elsewhere")

    page = browser.get("/")
    assert (page.status, browser.bugs) == (503, [])
    assert f"there is no archive at {root}" in page.main


def test_an_archive_that_another_takes_the_place_of_at_this_moment_is_looked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, aside = tmp_path / "news", tmp_path / "index"
    with open_archive(root) as archive:
        archive.keep(article(1), capture=capture(article(1)))
    browser = Browser(root)
    (root / "qqnews.db").rename(aside)
    monkeypatch.setattr(application, "sleep", lambda _seconds: aside.rename(root / "qqnews.db"))

    assert browser.get("/").status == 200


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(overview, "PAGE", None)
    yield


@pytest.mark.usefixtures("broken")
def test_a_bug_takes_one_page_and_is_told_to_who_serves(browser: Browser) -> None:
    page = browser.get("/gone")

    assert (page.status, page.headers["Content-Security-Policy"]) == (500, GUARD)
    assert "TypeError" not in page.main
    assert [type(error) for error in browser.bugs] == [TypeError]
    assert browser.get("/").status == 200
