"""The command line: parse, call, print, and leave with a code that tells.

main    the `qqnews` command

    app, invocation      the commands, a module each in `commands`; one as it was called, with the options that all have
    output, reporting    what is answered, on stdout: rows in one shape; what came of pages
    talk, progress       what is said to a person, on stderr
    terminal             what a terminal may be sent
    working              what the commands that keep articles share
    exits                the exit codes
"""

import errno
import os
import signal
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from types import FrameType
from typing import NoReturn


class Terminated(BaseException):
    """SIGTERM came while nobody else looked after it."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and leave the process with its exit code."""
    if sys.getfilesystemencoding() == "ascii" and arguments is None and sys.executable:
        # LC_ALL=C and PYTHONUTF8=0: words and paths in Chinese would be no text at all.  Begin again, in UTF-8.
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606
    _fill_closed()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # Chinese text under LANG=C, and file names and lists that are no UTF-8.
        if isinstance(stream, TextIOWrapper):  # else whoever put it there knows
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")
    signal.signal(signal.SIGTERM, _terminate)
    code = _run(list(sys.argv[1:] if arguments is None else arguments))
    sys.exit(code)


def _fill_closed() -> None:
    """Put nowhere in the place of stdin, stdout and stderr where they are closed, as some who start programs do."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            setattr(sys, name, os.fdopen(number, mode))


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    raise Terminated


def _run(arguments: list[str]) -> int:
    """The command's exit code; every error has been told by then, on one line."""
    import click

    from scraper.cli.app import app
    from scraper.cli.exits import Exit
    from scraper.cli.invocation import Invocation
    from scraper.cli.terminal import to_nowhere

    invocation = Invocation()
    talk = invocation.talk
    stdout = sys.stdout
    try:
        answer = app.main(arguments, prog_name="qqnews", standalone_mode=False, obj=invocation)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        sys.stderr.write(error.format_message() + "\n")
        return Exit.USAGE
    except click.ClickException as error:
        command = (
            error.ctx.command_path
            if isinstance(error, click.UsageError) and error.ctx
            else "qqnews"
        )
        message = error.format_message()
        talk.fail(
            message if " — " in message else f"{message.rstrip('.')} — see `{command} --help`"
        )
        return Exit.USAGE
    except (KeyboardInterrupt, click.Abort):
        talk.fail("interrupted")
        return Exit.INTERRUPTED
    except Terminated:
        talk.fail("terminated")
        return Exit.TERMINATED
    except BrokenPipeError:
        to_nowhere(sys.stdout)
        return Exit.DONE  # `qqnews list | head` got what it wanted
    except SystemExit:
        if sys.stdout is stdout:  # click wraps it when a pipe breaks
            raise
        to_nowhere(sys.stdout)
        return Exit.DONE
    except UnicodeEncodeError as error:
        foreign = next((word for word in arguments if not _is_utf8(word)), None)
        if foreign is None:
            return failed(error, invocation)
        talk.fail(f"{foreign!r} is no text in UTF-8 — is the terminal set to another encoding?")
        return Exit.USAGE
    except Exception as error:  # one line for what was expected, and one for a bug
        return failed(error, invocation)
    return answer if isinstance(answer, int) else Exit.DONE


def _is_utf8(word: str) -> bool:
    """Whether a word came as UTF-8; file names need not, what is looked for has to."""
    try:
        word.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def failed(error: Exception, invocation: object) -> int:
    """Tell on one line what went wrong, a bug or not, and give the exit code for it."""
    from archive.errors import QqnewsError
    from scraper.cli.exits import Exit, code_of
    from scraper.cli.invocation import Invocation

    assert isinstance(invocation, Invocation)
    talk = invocation.talk
    if isinstance(error, OSError):
        error = _expected(error)
    if isinstance(error, QqnewsError):
        talk.fail(str(error))
        if talk.verbose and error.__cause__ is not None:
            talk.tell(f"  because of {error.__cause__!r}")
        return code_of(error)
    if talk.verbose or os.environ.get("QQNEWS_DEBUG"):
        import traceback

        traceback.print_exception(error)
    talk.fail(
        f"this is a bug in qqnews: {type(error).__name__}: {error} — the archive is as it was; run again with -v"
        " for the traceback, and please report it"
    )
    return Exit.BUG


def _expected(error: OSError) -> Exception:
    """A disk that is full or fails, too many open files, no name of a file: no bugs, wherever met.  Else the error."""
    from archive.errors import ArchiveError, StorageError
    from archive.files import refusal
    from scraper.cli.terminal import to_nowhere
    from scraper.urls import shown

    if error.filename is None and _is_stdout(error):
        to_nowhere(sys.stdout)
        what = f"the answer cannot be written: {error.strerror}"
        return StorageError(what, hint="is the disk full?")
    if error.errno == errno.ENAMETOOLONG:
        return ArchiveError(f"{shown(str(error.filename))}: longer than the name of a file may be")
    return refusal(error) or error


def _is_stdout(error: OSError) -> bool:
    """Whether it was stdout that would not take more: it still refuses, even a line's end where nothing waits."""
    try:
        sys.stdout.write("\n")
        sys.stdout.flush()
    except OSError as again:
        return again.errno == error.errno
    return False
