"""`qqnews verify`, `rebuild`: whether the archive is what was written, and making its index anew."""

import click

from scraper.cli.exits import Exit
from scraper.cli.invocation import Command, Invocation, output_options, pass_invocation


@click.command("verify", cls=Command)
@click.option(
    "--read-data",
    metavar="[N%]",
    is_flag=False,
    flag_value="100%",
    default="0%",
    help="Also read files in full, all or a share of them, like --read-data=10%.",
)
@output_options
@pass_invocation
def verify(invocation: Invocation, read_data: str, shape: str | None, csv_safe: bool) -> int:
    """Check that the archive is what was written; changes nothing. Leaves with 7 when it is not.

    Each finding names the command that mends it. Notes cost nothing and do not count.

    \b
    qqnews verify
    qqnews verify --read-data
    qqnews verify --read-data=5%     another 5 % each day
    """
    from datetime import UTC, datetime

    from archive.verify import verify as check
    from scraper.cli.output import Output

    share = _share(read_data)
    damage = notes = 0
    columns = ["severity", "code", "path", "detail", "fix"]
    with Output(shape, columns, csv_safe=csv_safe) as output:
        today = datetime.now(UTC).date().isoformat()
        for found in check(invocation.root, read_data=share, salt=today):
            damage += found.severity == "damage"
            notes += found.severity != "damage"
            output.write(
                {name: getattr(found, name) for name in (*columns[:3], "id", *columns[3:])}
            )
    talk = invocation.talk
    if damage:
        talk.warn(f"{damage} damaged — the column `fix` names what mends each")
        return Exit.DAMAGE
    also = f" ({notes} note{'s' * (notes != 1)})" if notes else ""
    talk.say(f"the archive is what was written{also}")
    return Exit.DONE


def _share(text: str) -> float:
    """`10%` as 0.1."""
    try:
        share = float(text.removesuffix("%")) / 100
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise click.UsageError(f"--read-data takes a share like 10%, not {text!r}")
    return share


@click.command("rebuild", cls=Command)
@click.option(
    "--wait",
    type=click.FloatRange(0),
    default=0.0,
    metavar="SECONDS",
    help="Wait for another run to end.",
)
@pass_invocation
def rebuild(invocation: Invocation, wait: float) -> None:
    """Make the index (qqnews.db) anew from the files alone.

    \b
    qqnews rebuild
    """
    from archive.rebuild import rebuild as again
    from scraper.cli.progress import Counter

    with Counter(invocation.talk, "articles") as counter:
        made = again(invocation.root, wait=wait, progress=counter.reach)
    for line in made.passed_over:
        invocation.talk.warn(line)
    carried = "" if made.carried else "; queue and runs could not be carried over"
    invocation.talk.say(f"{made.articles} articles, {made.captures} captures{carried}")
