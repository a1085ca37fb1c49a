"""docs/network.md tells every class of failure by which the queue can be asked."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TABLE = (
    (ROOT / "docs" / "network.md")
    .read_text("utf-8")
    .partition("| `kind` |")[2]
    .partition("\n\n")[0]
)
MADE = re.compile(
    r"\b(Refused|Unreachable|NoNetwork)\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*?kind=\"(\w+)\""
)


def test_every_class_of_failure_is_told_and_no_other() -> None:
    made = {
        f"refused:{kind}" if error == "Refused" else kind
        for module in (ROOT / "scraper" / "fetch").glob("*.py")
        for error, kind in MADE.findall(module.read_text("utf-8"))
    }

    cells = re.findall(r"^\| (`.*?) \|", TABLE, re.MULTILINE)
    told = {kind for cell in cells for kind in re.findall(r"`([\w:]+)`", cell)}
    assert told == made | {"limited"}
