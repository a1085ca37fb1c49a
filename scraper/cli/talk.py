"""What the program has to say to a person, on stderr; quiet when told to.

Talk    one for a command: `say`, `tell`, `warn`, `fail`
"""

import sys
from dataclasses import dataclass

from scraper.cli.terminal import clean, colour, to_nowhere


@dataclass(slots=True)
class Talk:
    """Says things on stderr.  quiet: only errors and warnings; verbose: more, and tracebacks of bugs."""

    quiet: bool = False
    verbose: bool = False

    def say(self, text: str) -> None:
        """What a person watching would like to know."""
        if not self.quiet:
            self._line(text)

    def tell(self, text: str) -> None:
        """What only somebody looking for something would like to know (-v)."""
        if self.verbose:
            self._line(text)

    def warn(self, text: str) -> None:
        """What a person should know even so."""
        self._line(text, "warning", "33")

    def fail(self, text: str) -> None:
        """Why it did not work; one line."""
        self._line(" ".join(text.split()), "error", "31;1")

    def _line(self, text: str, label: str = "", style: str = "") -> None:
        start = f"{label}: " if label else ""
        if start and colour(sys.stderr):
            start = f"\x1b[{style}m{start}\x1b[0m"
        try:
            sys.stderr.write(f"{start}{clean(text)}\n")
            sys.stderr.flush()
        except OSError:  # its disk is full, or whoever read it is gone: no reason to end the work
            to_nowhere(sys.stderr)
