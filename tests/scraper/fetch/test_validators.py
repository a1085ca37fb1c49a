"""A page the archive has already, asked for on condition that it changed."""

import pytest

from archive.capture import Capture
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.validators import Validators
from tests.hostile import Hostile
from tests.scraper.fetch.conftest import (
    fetched,
    run,
    towards,
)


def test_a_page_shown_its_own_validators_is_not_sent_again(server: Hostile) -> None:
    async def story(fetcher: Fetcher) -> tuple[Capture, Capture, Capture, int]:
        url = "http://news.qq.com/validated"
        first = await fetcher.page(url)
        again = await fetcher.page(url, Validators.of(first))
        by_date = await fetcher.page(url, Validators(last_modified=first.header("last-modified")))
        return first, again, by_date, fetcher.cost.total.unchanged

    first, again, by_date, unchanged = run(towards(server, robots="ignore"), story)

    assert (first.status, again.status, by_date.status) == (200, 304, 304)
    assert again.body == b""
    assert unchanged == 2
    assert server.log[1].headers["if-none-match"] == '"v1"'
    assert len({seen.connection for seen in server.log}) == 1


@pytest.mark.parametrize("etag", ['"a\r\nHost: evil.example"', '"词"', "x" * 600, ""])
def test_a_validator_that_could_not_be_sent_safely_is_not_sent(server: Hostile, etag: str) -> None:
    (capture,) = fetched(
        towards(server, robots="ignore"),
        "http://news.qq.com/validated",
        validators=Validators(etag=etag),
    )

    assert isinstance(capture, Capture)
    assert "if-none-match" not in server.log[0].headers
