"""No connection, or none to be trusted: nothing is stored, and the line says which it was."""

from dataclasses import dataclass

import pytest

from scraper.cli.exits import Exit
from tests.hostile import Hostile
from tests.hostile.newspaper import FRESH, KEPT
from tests.matrix.bench import Bench, Waiting, lines_about

FAILED = Exit.INCOMPLETE


@dataclass(frozen=True)
class Row:
    """Where connections lead instead, and what comes of it.

    leads_to: as curl's --connect-to has it, with a port of the server by name.
    """

    leads_to: str
    code: Exit
    words: str
    waits: Waiting
    hint: str = ""


def failed(kind: str) -> Waiting:
    return Waiting("failed", 1, kind, minutes=15)


ROWS = [
    Row("127.0.0.1:1", FAILED, "connection refused (4 tries)", failed("refused")),
    Row("127.0.0.1:silent", FAILED, "no connection in time (4 tries)", failed("timeout")),
    Row("127.0.0.1:expired", FAILED, "certificate has expired (2 tries)", failed("tls")),
    Row("127.0.0.1:foreign", FAILED, "unable to get local issuer", failed("tls")),
    Row("127.0.0.1:banner", FAILED, "no TLS", failed("tls")),
    Row(
        "nowhere.invalid:443", Exit.NO_NETWORK, "there is no host of that name (4 tries)",
        Waiting("pending", 0, ""), hint="is this machine online?",
    ),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.leads_to)
def test_without_a_connection_nothing_is_lost_and_the_reason_is_told(
    row: Row, bench: Bench, server: Hostile
) -> None:
    host, _, port = row.leads_to.partition(":")
    where = f"::{host}:{getattr(server, f'{port}_port', port)}"
    before = bench.texts()

    ended = bench(
        "add", "--again", FRESH.id, KEPT.id,
        network__connect_to=where, network__limits__connect_time="300ms",
    )  # fmt: skip

    assert ended.code == row.code, ended.err
    for story in (FRESH, KEPT):
        (line,) = lines_about(ended, story)
        assert row.words in line
        assert line.endswith(row.hint)
        assert bench.queue()[story.id] == row.waits
    assert "Traceback" not in ended.err
    assert bench.states(FRESH) == []
    assert bench.texts() == before
    assert server.log == []


def test_a_certificate_for_another_host_is_not_believed(bench: Bench, server: Hostile) -> None:
    ended = bench("add", "https://tech.qq.com/a/20261120/012345.htm")

    assert ended.code == FAILED
    assert "its certificate is not to be trusted" in ended.err
    assert bench.queue()["TEC2026112001234500"] == failed("tls")
    assert server.paths() == ["/a/TEC2026112001234500"], (
        "the second look, at a host that is believed"
    )
