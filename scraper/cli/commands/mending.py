"""`qqnews verify`, `repair`, `rebuild`, `doctor`: whether the archive is what was written, and mending it."""

import click

from scraper.cli.exits import Exit, most_telling
from scraper.cli.invocation import WAIT, Command, Invocation, output_options, pass_invocation


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
    """Check that the archive is what was written.

    Changes nothing; leaves with 7 when something is damaged. Each finding names the command that mends it.
    Notes cost nothing and do not count.

    \b
    qqnews verify
    qqnews verify --read-data
    qqnews verify --read-data=5%     another 5 % each day
    """
    from datetime import UTC, datetime

    from archive.upkeep.verify import verify as check
    from scraper.cli.output import Output
    from scraper.units import count_text

    share = _share(read_data)
    damage = notes = 0
    columns = ["severity", "code", "path", "id", "detail", "fix"]
    with Output(shape, columns, csv_safe=csv_safe) as output:
        today = datetime.now(UTC).date().isoformat()
        for found in check(invocation.root, read_data=share, salt=today):
            damage += found.severity == "damage"
            notes += found.severity != "damage"
            output.write({name: getattr(found, name) for name in columns})
    talk = invocation.talk
    if damage:
        talk.warn(f"{damage} damaged — the column `fix` names what mends each")
        return Exit.DAMAGE
    also = f" ({count_text(notes, 'note')})" if notes else ""
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
@WAIT
@pass_invocation
def rebuild(invocation: Invocation, wait: float) -> int:
    """Make the index anew, from the files alone.

    Leaves with 7 when it had to pass over something: the index is made all the same, and `verify` says more.

    \b
    qqnews rebuild
    """
    from archive.upkeep.rebuild import rebuild as again
    from scraper.cli.progress import Counter
    from scraper.units import count_text

    with Counter(invocation.talk, "articles") as counter:
        made = again(invocation.root, wait=wait, progress=counter.reach)
    for line in made.passed_over:
        invocation.talk.warn(line)
    carried = "" if made.carried else "; queue and runs could not be carried over"
    invocation.talk.say(
        f"{count_text(made.articles, 'article')}, {count_text(made.captures, 'capture')}{carried}"
    )
    return Exit.DAMAGE if made.passed_over else Exit.DONE


@click.command("repair", cls=Command)
@click.option("--apply", is_flag=True, help="Do it; without, it is only said what would be done.")
@WAIT
@output_options
@pass_invocation
def repair(
    invocation: Invocation, apply: bool, wait: float, shape: str | None, csv_safe: bool
) -> None:
    """Mend what `verify` finds.

    From lost+found, by reading the kept page of a lost text again, by making the index anew, and only where the page
    is lost too, by asking the site. Never deletes: what fits nowhere is moved to lost+found. Says what it would do;
    --apply does it.

    \b
    qqnews repair
    qqnews repair --apply
    """
    from archive.profiles import named
    from archive.upkeep.repair import repair as mend
    from scraper.cli.output import Output
    from scraper.pipeline.lost import reading

    count = 0
    columns = ["what", "path", "id", "detail"]
    config = invocation.config
    with (
        reading(config.worker) as read,
        Output(shape, columns, csv_safe=csv_safe, outlives=apply) as output,
    ):
        for action in mend(
            invocation.root,
            apply=apply,
            read=read,
            duplicates=config.archive.duplicates,
            profile=named(config.output.profile),
            wait=wait,
        ):
            count += 1
            output.write({name: getattr(action, name) for name in columns})
    if not count:
        invocation.talk.say("nothing to repair")
    elif not apply:
        invocation.talk.say("nothing was done yet; --apply does it")


@click.command("doctor", cls=Command)
@click.option(
    "-o",
    "--output",
    "shape",
    type=click.Choice(["text", "jsonl"]),
    default="text",
    show_default=True,
    help="text for eyes.",
)
@pass_invocation
def doctor(invocation: Invocation, shape: str) -> int:
    """Look at what surrounds the archive.

    SQLite, permissions, room on the disk, the lock, the clock, the settings. Where something is bad it leaves with 6
    for storage, 7 for a damaged index, 2 for the rest.

    \b
    qqnews doctor
    """
    from archive.upkeep.doctor import Check
    from archive.upkeep.doctor import doctor as look
    from scraper.cli.terminal import as_json, clean

    loaded = invocation.loaded
    where = str(loaded.file or "no config.yaml: the defaults")
    checks = [Check(name="config", ok=True, detail=where), *look(invocation.root)]
    signs = {True: "ok", False: "BAD", None: "note"}
    for one in checks:
        if shape == "jsonl":
            click.echo(
                as_json({name: getattr(one, name) for name in ("name", "ok", "detail", "hint")})
            )
            continue
        hint = f" — {one.hint}" if one.hint else ""
        click.echo(clean(f"{signs[one.ok]:<5} {one.name:<12} {one.detail}{hint}"))
    faults = {"storage": Exit.STORAGE, "damage": Exit.DAMAGE, "system": Exit.USAGE}
    return most_telling(faults[one.fault] for one in checks if one.ok is False)
