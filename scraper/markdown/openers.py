"""What each element does to a reader.  Pure.

An opener is called where an element begins.  It returns what to do where the element ends, or None when the element is
done with: what it holds is then not read.
"""

from collections.abc import Callable

from selectolax.lexbor import LexborNode

from archive.article import Image, Video
from scraper.markdown import containers, escape
from scraper.markdown.addresses import followed
from scraper.markdown.blocks import BREAK, CODE, RAW, Paragraph, Rule
from scraper.markdown.elements import (
    BLOCKS,
    LEFT_OUT,
    MARKS,
    PICTURES,
    PLAYERS,
    is_small,
    language_of,
)
from scraper.markdown.lines import plain, tidied
from scraper.markdown.looks import UNSEEN
from scraper.markdown.reader import Reader, Undo

Opener = Callable[[Reader, LexborNode], Undo | None]

_RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


def _nothing() -> None:
    """Where an element ends that changed nothing."""


def leave_out(_reader: Reader, _node: LexborNode) -> None:
    return None


def inline(_reader: Reader, _node: LexborNode) -> Undo:
    return _nothing


def block(reader: Reader, _node: LexborNode) -> Undo:
    reader.flush()
    return reader.flush


# Marks and other things inside a line.


def mark(reader: Reader, node: LexborNode) -> Undo:
    sign = MARKS[node.tag or ""]
    if reader.program is not None:
        return _code_line(reader) if sign == CODE else _nothing
    marks = reader.marks
    reader.marks = marks | sign

    def close() -> None:
        reader.marks = marks

    return close


def _link(reader: Reader, node: LexborNode) -> Undo:
    href = reader.href
    reader.href = followed(node.attrs.get("href") or "", reader.dialect.base) or href

    def close() -> None:
        reader.href = href

    return close


def _break(reader: Reader, _node: LexborNode) -> None:
    if reader.program is not None:
        reader.program.append("\n")
    else:
        reader.runs.append(BREAK)


def _raised(reader: Reader, _node: LexborNode) -> Undo:
    return _set_off(reader, _RAISED)


def _lowered(reader: Reader, _node: LexborNode) -> Undo:
    return _set_off(reader, _LOWERED)


def _set_off(reader: Reader, letters: dict[int, int]) -> Undo:
    """Raised or lowered characters where there are such for all of it; else it stands as plain as the rest."""
    first = len(reader.runs)

    def close() -> None:
        said = [(tidied(text), marks, href) for text, marks, href in reader.runs[first:]]
        if all(ord(letter) in letters for text, _, _ in said for letter in text):
            reader.runs[first:] = [
                (text.translate(letters), marks, href) for text, marks, href in said
            ]

    return close


def _quoted(reader: Reader, _node: LexborNode) -> Undo:
    reader.text("“")
    return lambda: reader.text("”")


def _annotation(reader: Reader, _node: LexborNode) -> Undo:
    reader.text("(")
    return lambda: reader.text(")")


# Drawings: only their words are read, and pages inside them.


def _svg(reader: Reader, node: LexborNode) -> Undo:
    if "url(" in (node.attrs.get("style") or ""):
        picture(reader, node)
    return _drawing(reader, True)


def _svg_text(reader: Reader, _node: LexborNode) -> Undo:
    return _drawing(reader, False)


def _foreign(reader: Reader, _node: LexborNode) -> Undo:
    reader.flush()
    undo = _drawing(reader, False)

    def close() -> None:
        reader.flush()
        undo()

    return close


def _drawing(reader: Reader, drawing: bool) -> Undo:
    before, reader.drawing = reader.drawing, drawing

    def close() -> None:
        reader.drawing = before

    return close


# Pictures and players.


def picture(reader: Reader, node: LexborNode) -> None:
    """Its own style is not asked: pages hide a picture until a script has loaded it."""
    if reader.veil & UNSEEN:
        return
    image = reader.dialect.picture(node)
    if image is None:
        return
    if reader.program is None and reader.is_amid_words() and is_small(node):
        if ("image", image.key) not in reader.seen:
            image = reader.keep(image)
        said = escape.picture(image.alt or image.caption, image.url)
        reader.runs.append((said, RAW, reader.href))
    else:
        reader.show(image)


def caption(reader: Reader, _node: LexborNode) -> Undo:
    """A paragraph of its own; it is tied to the picture right before it, if there is one."""
    reader.flush()
    shown, blocks, first = reader.shown, reader.blocks, len(reader.blocks)
    marks, level = reader.marks, reader.level
    reader.marks = reader.level = 0
    known = reader.images[shown.number].caption if shown is not None else ""

    def close() -> None:
        reader.flush()
        reader.marks, reader.level = marks, level
        if shown is None or reader.blocks is not blocks or len(blocks) == first:
            return
        said = " ".join(plain(each.lines) for each in blocks[first:] if isinstance(each, Paragraph))
        if known and "".join(known.split()) == "".join(said.split()):
            del blocks[first:]  # it stands there already
        elif said and not known:
            reader.caption(shown, said)

    return close


def player(reader: Reader, node: LexborNode) -> None:
    video = reader.dialect.media(node)
    if video is not None:
        reader.play(video)


def _comment(reader: Reader, node: LexborNode) -> None:
    said = (node.comment_content or "").strip()
    if said:
        match reader.dialect.insert(said):
            case Image() as image:
                reader.show(image)
            case Video() as video:
                reader.play(video)


# Code.


def code(reader: Reader, node: LexborNode) -> Undo:
    reader.flush()
    if reader.program is not None:
        return reader.flush
    if node.tag != "pre" and node.css_first("pre") is not None:
        return reader.flush  # only in the `pre` does white space mean something
    reader.program, reader.code_end, reader.language = [], -1, language_of(node)

    def close() -> None:
        reader.part()
        reader.program = None

    return close


def _code_line(reader: Reader) -> Undo:
    """A `<code>` in a code block.  WeChat writes one for every line, with no line feed between."""
    lines = reader.program
    assert lines is not None
    if lines and reader.code_end == len(lines):
        lines.append("\n")
    first = len(lines)

    def close() -> None:
        if len(lines) > first and lines[-1] == "\n":
            lines[-1] = ""  # the `<br>` that keeps an empty line open
        reader.code_end = len(lines)

    return close


# Blocks.


def _heading(reader: Reader, node: LexborNode) -> Undo:
    reader.flush()
    level, reader.level = reader.level, int((node.tag or "h2")[1])

    def close() -> None:
        reader.flush()
        reader.level = level

    return close


def _rule(reader: Reader, _node: LexborNode) -> None:
    reader.flush()
    if reader.program is None:
        reader.add(Rule())


OPENERS: dict[str, Opener] = {
    **dict.fromkeys(LEFT_OUT, leave_out),
    **dict.fromkeys(BLOCKS, block),
    **dict.fromkeys(MARKS, mark),
    **dict.fromkeys(PLAYERS, player),
    **dict.fromkeys(PICTURES, picture),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
    **dict.fromkeys(("pre", "listing", "xmp", "plaintext"), code),
    **dict.fromkeys(("ul", "ol"), containers.bullets),
    **dict.fromkeys(("td", "th"), containers.cell),
    "-comment": _comment,
    "a": _link,
    "blockquote": containers.quote,
    "br": _break,
    "figcaption": caption,
    "foreignObject": _foreign,
    "hr": _rule,
    "li": containers.item,
    "q": _quoted,
    "rt": _annotation,
    "sub": _lowered,
    "sup": _raised,
    "svg": _svg,
    "table": containers.table,
    "text": _svg_text,
    "thead": containers.head,
    "tr": containers.row,
}
"""By tag; an element that is not here is `inline`."""
