"""`qqnews help`: of a command, or of the exit codes."""

import click

from scraper.cli.invocation import Command


@click.command("help", cls=Command)
@click.argument("topic", required=False)
@click.pass_context
def help_(context: click.Context, topic: str | None) -> None:
    """Show the help of a command, `exit-codes`, `query`.

    `help exit-codes` tells what each code means, `help query` the language of `search`, `list`, `render`.

    \b
    qqnews help add
    qqnews help exit-codes
    qqnews help query
    """
    from scraper.cli.exits import table

    root = context.find_root()
    assert isinstance(root.command, click.Group)
    if topic is None:
        click.echo(root.get_help())
    elif topic == "exit-codes":
        click.echo(table())
    elif topic == "query":
        click.echo(_language())
    else:
        name, command, _ = root.command.resolve_command(root, [topic])
        assert command is not None
        with click.Context(command, info_name=name, parent=root) as asked:
            click.echo(command.get_help(asked))


def _language() -> str:
    """The search language, as its own room describes it."""
    import archive.query

    return "The search language:\n" + (archive.query.__doc__ or "").partition("\n")[2].rstrip()
