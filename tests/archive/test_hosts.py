"""What is known of hosts, from one run to the next."""

from datetime import timedelta
from pathlib import Path

from archive.index.hosts import KnownHost
from tests.archive.newsroom import START, open_archive

HOUR = timedelta(hours=1)


def test_what_was_asked_lately_and_a_rest_are_known_to_the_next_run(tmp_path: Path) -> None:
    told = KnownHost(
        name="news.qq.com",
        asked=(START - timedelta(minutes=50), START - timedelta(minutes=5)),
        rests_until=START + HOUR,
    )
    with open_archive(tmp_path / "a", clock=lambda: START) as archive:
        archive.hosts.keep([told])
        assert archive.hosts.known() == [told]

    with open_archive(tmp_path / "a", clock=lambda: START + HOUR / 2) as archive:
        (later,) = archive.hosts.known()
        assert (later.asked, later.rests_until) == (told.asked[1:], told.rests_until)

    with open_archive(tmp_path / "a", clock=lambda: START + 2 * HOUR) as archive:
        assert archive.hosts.known() == []


def test_a_clock_that_was_set_back_makes_no_host_rest_for_years(tmp_path: Path) -> None:
    with open_archive(tmp_path / "a", clock=lambda: START) as archive:
        archive.hosts.keep(
            [KnownHost(name="news.qq.com", asked=(START,), rests_until=START + HOUR)]
        )

    with open_archive(tmp_path / "a", clock=lambda: START - timedelta(days=365)) as archive:
        assert archive.hosts.known() == []
