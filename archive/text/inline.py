"""A block of Markdown without its inline marks.  Pure."""

import re
import unicodedata
from dataclasses import dataclass
from html import unescape

# Possessive: none of it could be read in another way, and whole stretches go by at once.
_PLACE = r"(?:[^\s()\\]++|\\[^\n])*+"
_DESTINATION = re.compile(
    rf"\((?:<[^<>\n]*>|{_PLACE}(?:\({_PLACE}\){_PLACE})*+)"
    r"(?:\s+\"(?:[^\"\\]++|\\.)*+\")?\s*\)"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]*)>")
_SPECIAL = re.compile(r"[\\`!\[\]<&*_~]")
_RUN = re.compile(r"`+|\*+|_+|~+")
_TICKS = re.compile("`+")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


@dataclass(slots=True)
class _Run:
    """A run of `*`, `_` or `~` that may be emphasis.  piece: where it stands; left: marks not yet used."""

    piece: int
    mark: str
    left: int
    opens: bool
    closes: bool


class _Block:
    """Reads one block from left to right, once; brackets and emphasis are paired as they close."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[str] = []
        self.brackets: list[int] = []
        self.runs: list[_Run] = []
        self.ticks = _pairs(text) if "`" in text else {}

    def read(self) -> str:
        at, end = 0, len(self.text)
        while at < end:
            special = _SPECIAL.search(self.text, at)
            if special is None:
                self.pieces.append(self.text[at:])
                break
            self.pieces.append(self.text[at : special.start()])
            at = self._token(special.start())
        self._emphasis()
        return "".join(self.pieces)

    def _token(self, here: int) -> int:
        """Reads the special character at `here`; gives where to go on."""
        text, mark = self.text, self.text[here]
        if mark == "\\":
            following = text[here + 1 : here + 2]
            if following == "\n":
                return here + 1
            self.pieces.append(following if following in _PUNCTUATION else mark)
            return here + 2 if following in _PUNCTUATION else here + 1
        if mark == "`" and here in self.ticks:
            length, close = self.ticks[here]
            self.pieces.append(text[here + length : close])
            return close + length
        if mark in "`*_~":
            run = _RUN.match(text, here)
            assert run is not None
            self._run(run[0], here, run.end())
            return run.end()
        if mark == "!" and text[here + 1 : here + 2] == "[":
            return self._open("![", here)
        if mark == "[":
            return self._open("[", here)
        if mark == "]":
            return self._close(here)
        found = {"<": _AUTOLINK, "&": _ENTITY}.get(mark)
        match = found.match(text, here) if found else None
        if match is None:
            self.pieces.append(mark)
            return here + 1
        self.pieces.append(match[1] if mark == "<" else unescape(match[0]))
        return match.end()

    def _open(self, mark: str, here: int) -> int:
        self.brackets.append(len(self.pieces))
        self.pieces.append(mark)
        return here + len(mark)

    def _close(self, here: int) -> int:
        """A `]`: the end of a link or picture when a target follows, else what it is."""
        opener = self.brackets.pop() if self.brackets else None
        target = _DESTINATION.match(self.text, here + 1) if opener is not None else None
        if opener is None or target is None:
            self.pieces.append("]")
            return here + 1
        if self.pieces[opener] == "![":
            del self.pieces[opener:]
            while self.runs and self.runs[-1].piece >= opener:
                self.runs.pop()
        else:
            self.pieces[opener] = ""
        return target.end()

    def _run(self, run: str, here: int, end: int) -> None:
        """A run of marks: it may open emphasis before a word, close it behind one (CommonMark, section 6.2)."""
        before, after = self.text[here - 1 : here], self.text[end : end + 1]
        left = not _space(after) and (not _stop(after) or _space(before) or _stop(before))
        right = not _space(before) and (not _stop(before) or _space(after) or _stop(after))
        if run[0] == "_":
            left, right = (
                left and (not right or _stop(before)),
                right and (not left or _stop(after)),
            )
        if run[0] != "`" and (run[0] != "~" or len(run) == 2):
            self.runs.append(_Run(len(self.pieces), run[0], len(run), left, right))
        self.pieces.append(run)

    def _emphasis(self) -> None:
        """Take away the marks that pair up; the others are text."""
        waiting: list[_Run] = []
        open_now = dict.fromkeys("*_~", 0)
        for run in self.runs:
            while run.closes and run.left and open_now[run.mark]:
                opener = waiting[-1]
                if opener.mark != run.mark:
                    open_now[opener.mark] -= 1
                    waiting.pop()
                    continue
                used = min(2, opener.left, run.left)
                opener.left -= used
                run.left -= used
                if not opener.left:
                    open_now[opener.mark] -= 1
                    waiting.pop()
            if run.opens and run.left:
                waiting.append(run)
                open_now[run.mark] += 1
        for run in self.runs:
            # Other tools write `**“硬核”**崛起`, which no renderer takes for bold; nobody means two asterisks by it.
            meant = run.mark == "*" and run.left > 1
            self.pieces[run.piece] = "" if meant else run.mark * run.left


def inline(block: str) -> str:
    """The block without its inline marks; in time proportional to its length."""
    return _Block(block).read() if _SPECIAL.search(block) else block


def _space(character: str) -> bool:
    return not character or character.isspace()


def _stop(character: str) -> bool:
    return bool(character) and unicodedata.category(character)[0] in "PS"


def _pairs(row: str) -> dict[int, tuple[int, int]]:
    """Where code spans open: start of the opening run, its length, start of the closing run.  Linear."""
    runs = [(run.start(), run.end() - run.start()) for run in _TICKS.finditer(row)]
    waiting: dict[int, list[int]] = {}
    for index in range(len(runs) - 1, -1, -1):
        waiting.setdefault(runs[index][1], []).append(runs[index][0])
    found: dict[int, tuple[int, int]] = {}
    reached = 0
    for start, length in runs:
        waiting[length].pop()
        if start < reached or (start and row[start - 1] == "\\"):
            continue
        if waiting[length]:
            close = waiting[length][-1]
            found[start] = (length, close)
            reached = close + length
    return found
