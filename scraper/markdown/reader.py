"""Read a body element into blocks, as a browser would lay it out.  Pure.

The walk keeps its own stack, so no depth of nesting can exhaust Python's; lists, quotes and tables deeper than
`DEEPEST` are read as if they were plain.  How blocks are written is left to `writer`.
"""

from collections.abc import Callable
from dataclasses import replace

from selectolax.lexbor import LexborNode

from archive.article import Image, Video
from scraper.markdown.addresses import followed
from scraper.markdown.blocks import (
    BOLD,
    BREAK,
    CODE,
    ITALIC,
    RAW,
    STRIKE,
    Block,
    Bullets,
    Cell,
    Code,
    Heading,
    Line,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    Table,
)
from scraper.markdown.dialect import Dialect
from scraper.markdown.escape import picture
from scraper.markdown.lines import plain, program, set_lines, tidied
from scraper.markdown.looks import CLEAR, GONE, TINY, UNSEEN, Look, looks
from scraper.markdown.tables import is_layout

Undo = Callable[[], None]

PLAYERS = frozenset(
    [
        "iframe",
        "video",
        "audio",
        "embed",
        "object",
        "mpvoice",
        "mpvideo",
        "mpvideosnap",
        "mp-common-videosnap",
        "mp-common-mpaudio",
        "qqmusic",
        "mp-common-qqmusic",
    ]
)
"""Elements that play something; `Dialect.media` is asked what."""

DEEPEST = 8
"""How many lists and quotes may stand one in another; renderers give up soon after."""

SMALL = 64
"""Up to this many pixels wide or high a picture among words is part of the sentence (an emoji, an icon)."""

_LEFT_OUT = frozenset(
    [
        "script",
        "style",
        "head",
        "title",
        "link",
        "meta",
        "base",
        "template",
        "noscript",
        "button",
        "select",
        "textarea",
        "input",
        "option",
        "datalist",
        "meter",
        "progress",
        "canvas",
        "area",
        "map",
        "dialog",
        "colgroup",
        "col",
        "rp",
        "desc",
        "metadata",
        "defs",
        "annotation",
        "annotation-xml",
        "source",
        "track",
        "param",
    ]
)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "aside",
        "nav",
        "figure",
        "address",
        "center",
        "fieldset",
        "details",
        "summary",
        "form",
        "dl",
        "dt",
        "dd",
        "hgroup",
        "body",
        "html",
        "legend",
        "menu",
        "dir",
        "marquee",
        "search",
        "tbody",
        "tfoot",
        "foreignobject",
    ]
)
_MARKS = {
    "b": BOLD, "strong": BOLD, "em": ITALIC, "i": ITALIC, "cite": ITALIC, "dfn": ITALIC, "var": ITALIC,
    "del": STRIKE, "s": STRIKE, "strike": STRIKE, "code": CODE, "tt": CODE, "kbd": CODE, "samp": CODE,
}  # fmt: skip
_RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_KINDS = {"video": "视频", "audio": "音频"}


def _nothing() -> None:
    """The undo of an element that changed nothing."""


class Reader:
    """One walk over one body.  `blocks`, `images` and `videos` are what it found."""

    def __init__(self, root: LexborNode, dialect: Dialect) -> None:
        self.blocks: list[Block] = []
        self.images: list[Image] = []
        self.videos: list[Video] = []

        self._dialect = dialect
        self._base = dialect.base
        self._seen: set[tuple[str, str]] = set()  # kind and key of every picture and video
        self._looks = looks(root)
        self._roles = self._roles_under(root)
        self._odd = self._looks.keys() | self._roles.keys()

        self._runs: list[Run] = []  # the paragraph being read
        self._marks = 0
        self._href = ""
        self._level = 0  # of the heading being read, 0 in plain text
        self._veil = 0  # why text is not drawn
        self._lines = False  # line feeds are breaks
        self._program: list[str] | None = None  # the code block being read
        self._line_end = -1  # how much of it stood there when the last `<code>` in it ended
        self._list: Bullets | None = None  # the list whose children are being read
        self._table: Table | None = None
        self._depth = 0
        self._last: Picture | None = None  # the picture a caption would belong to
        self._drawing = False  # inside an svg, where bare text is not text

        self._walk(root)
        self._flush()

    def _roles_under(self, root: LexborNode) -> dict[int, Callable[[LexborNode], Undo | None]]:
        dialect = self._dialect
        roles: dict[int, Callable[[LexborNode], Undo | None]] = {}
        for selector, role in (
            (dialect.code, self._code),
            (dialect.caption, self._caption),
            (dialect.player, self._player),
            (dialect.leave_out, self._leave_out),
        ):
            if selector:
                roles |= {node.mem_id: role for node in root.css(selector)}
        roles.pop(root.mem_id, None)
        return roles

    # The walk.  An opener returns what to do when its element ends, or None to leave out what the element holds.

    def _walk(self, root: LexborNode) -> None:
        stack: list[tuple[LexborNode | None, Undo]] = []
        openers, odd = _OPENERS, self._odd
        node = root.first_child
        while True:
            while node is None:
                if not stack:
                    return
                node, undo = stack.pop()
                undo()
            tag = node.tag or ""
            if tag == "-text":
                self._text(node.text_content or "")
                node = node.next
                continue
            if odd and node.mem_id in odd:
                opened = self._open_odd(node, tag)
            else:
                opener = openers.get(tag, _open_inline)
                opened = opener(self, node)
            if opened is None:
                node = node.next
                continue
            child = node.first_child
            if child is None:
                opened()
                node = node.next
            else:
                stack.append((node.next, opened))
                node = child

    def _open_odd(self, node: LexborNode, tag: str) -> Undo | None:
        look = self._looks.get(node.mem_id)
        role = self._roles.get(node.mem_id)
        if look is GONE:
            return None
        if look is None:
            return role(node) if role else None
        if role == self._leave_out:
            return None
        if tag == "img":
            return self._img(node)
        return self._open_styled(node, tag, look, role)

    def _open_styled(
        self,
        node: LexborNode,
        tag: str,
        look: Look,
        role: Callable[[LexborNode], Undo | None] | None,
    ) -> Undo | None:
        marks, veil, lines = self._marks, self._veil, self._lines
        opener = _OPENERS.get(tag, _open_inline)
        if look.flow == "inline" and opener is _open_block:
            opener = _open_inline
        elif look.flow == "block" and opener in (_open_inline, _open_marked):
            opener = _open_block
        if look.flow == "block" and tag in _MARKS:
            self._marks |= _MARKS[tag]
        opened = role(node) if role else opener(self, node)
        if opened is None:
            return None
        own = (_MARKS.get(tag, 0) & ~look.off) | look.on
        self._marks = (marks & ~(look.off & ~STRIKE)) | own
        self._veil = (veil | look.veil) & ~look.unveil
        if look.lines is not None:
            self._lines = look.lines

        def close() -> None:
            opened()
            self._marks, self._veil, self._lines = marks, veil, lines

        return close

    # Text.

    def _text(self, text: str) -> None:
        if self._veil or self._drawing:
            return
        if self._program is not None:
            self._program.append(text)
        elif self._lines and "\n" in text:
            for number, part in enumerate(text.split("\n")):
                if number:
                    self._runs.append(BREAK)
                self._runs.append((part, self._marks, self._href))
        else:
            self._runs.append((text, self._marks, self._href))

    def _say(self, text: str) -> None:
        if not self._veil:
            self._runs.append((text, self._marks, self._href))

    def _flush(self) -> None:
        """End the paragraph being read, if there is one."""
        if self._program is not None:
            if self._program and not self._program[-1].endswith("\n"):
                self._program.append("\n")
            return
        if not self._runs:
            return
        runs, self._runs = self._runs, []
        for lines in set_lines(runs):
            self._add(Heading(self._level, lines) if self._level else Paragraph(lines))

    def _add(self, block: Block) -> None:
        self._last = block if isinstance(block, Picture) else None
        self.blocks.append(block)

    # Pictures, videos and their captions.

    def _show(self, image: Image) -> None:
        if ("image", image.key) in self._seen:
            return
        self._seen.add(("image", image.key))
        self._flush()
        self.images.append(image)
        shown = Picture(len(self.images) - 1, self._href)
        self._add(shown)
        if image.caption:
            self._caption_is(shown, image.caption)
            self._add(Paragraph([[(image.caption, 0, "")]]))

    def _play(self, video: Video) -> None:
        if (video.kind, video.key) in self._seen:
            return
        self._seen.add((video.kind, video.key))
        self.videos.append(video)
        self._flush()
        self._add(Paragraph([[(_name_of(video), 0, followed(video.url, ""))]]))

    def _caption_is(self, shown: Picture, caption: str) -> None:
        image = self.images[shown.number]
        self.images[shown.number] = replace(
            image, caption=caption, alt=image.alt if image.alt.strip() else caption
        )

    def _img(self, node: LexborNode) -> Undo | None:
        if self._veil & UNSEEN:
            return None
        image = self._dialect.picture(node)
        if image is None:
            return None
        if self._program is None and self._amid_words() and _is_small(node):
            if ("image", image.key) not in self._seen:
                self._seen.add(("image", image.key))
                self.images.append(image)
            self._runs.append((picture(image.alt or image.caption, image.url), RAW, self._href))
        else:
            self._show(image)
        return None

    def _amid_words(self) -> bool:
        """Whether the line being read has words already."""
        for text, _, _ in reversed(self._runs):
            if text == "\n":
                return False
            if text.strip():
                return True
        return False

    def _caption(self, _node: LexborNode) -> Undo:
        self._flush()
        shown, first = self._last, len(self.blocks)
        blocks, marks, level = self.blocks, self._marks, self._level
        self._marks = self._level = 0

        def close() -> None:
            self._flush()
            self._marks, self._level = marks, level
            if shown is None or blocks is not self.blocks:
                return
            said = " ".join(
                plain(block.lines) for block in blocks[first:] if isinstance(block, Paragraph)
            )
            if said and not self.images[shown.number].caption:
                self._caption_is(shown, said)

        return close

    def _player(self, node: LexborNode) -> None:
        video = self._dialect.media(node)
        if video is not None:
            self._play(video)

    def _comment(self, node: LexborNode) -> None:
        said = (node.comment_content or "").strip()
        if said:
            match self._dialect.insert(said):
                case Image() as image:
                    self._show(image)
                case Video() as video:
                    self._play(video)

    def _leave_out(self, _node: LexborNode) -> None:
        """Nothing of a left out element is read."""

    # Blocks.

    def _heading(self, node: LexborNode) -> Undo:
        self._flush()
        level, marks = self._level, self._marks
        self._level = int((node.tag or "h2")[1])

        def close() -> None:
            self._flush()
            self._level, self._marks = level, marks

        return close

    def _rule(self, _node: LexborNode) -> None:
        self._flush()
        if self._program is None:
            self._add(Rule())

    def _code(self, node: LexborNode) -> Undo:
        self._flush()
        if self._program is not None:
            return self._flush
        if node.tag != "pre" and node.css_first("pre") is not None:
            return self._flush  # only in the `pre` white space means something
        self._program, self._line_end = [], -1
        language = _language_of(node)

        def close() -> None:
            text = program("".join(self._program or ()))
            self._program = None
            if text:
                self._add(Code(text, language))

        return close

    def _code_line(self) -> Undo:
        """A `<code>` in a code block.  WeChat writes one for every line, with no line feed between."""
        lines = self._program
        assert lines is not None
        if self._line_end == len(lines) and lines:
            lines.append("\n")
        first = len(lines)

        def close() -> None:
            if len(lines) > first + 1 and lines[-1] == "\n":
                lines.pop()
            elif len(lines) == first + 1 and lines[-1] == "\n":
                lines[-1] = ""
            self._line_end = len(lines)

        return close

    def _quote(self, _node: LexborNode) -> Undo:
        self._flush()
        if self._program is not None or self._depth >= DEEPEST:
            return self._flush
        return self._inside(lambda blocks: self._add(Quote(blocks)) if blocks else None, deeper=1)

    def _inside(self, end: Callable[[list[Block]], None], *, deeper: int = 0) -> Undo:
        """Collect blocks of their own until the element ends, then hand them to `end`."""
        self._flush()
        blocks, listed, level, marks = self.blocks, self._list, self._level, self._marks
        self.blocks, self._list, self._level = [], None, 0
        self._depth += deeper

        def close() -> None:
            self._flush()
            found, self.blocks = self.blocks, blocks
            self._list, self._level, self._marks = listed, level, marks
            self._depth -= deeper
            end(found)

        return close

    # Lists.

    def _open_list(self, node: LexborNode) -> Undo:
        self._flush()
        if self._program is not None or self._depth >= DEEPEST:
            return self._flush
        start = _first_number(node) if node.tag == "ol" else None
        made = Bullets(start)

        def end(strays: list[Block]) -> None:
            if made.items:
                made.items[-1] += strays
                self._add(made)
            else:
                for block in strays:
                    self._add(block)

        close = self._inside(end, deeper=1)
        self._list = made
        return close

    def _item(self, _node: LexborNode) -> Undo:
        self._flush()
        made = self._list
        if self._program is not None or self._depth > DEEPEST:
            return self._flush
        if made is None:
            last = self.blocks[-1] if self.blocks else None
            if isinstance(last, Bullets) and last.implied:
                made = last
            else:
                made = Bullets(None, implied=True)
                self._add(made)
        elif self.blocks:  # something stood between the items
            if made.items:
                made.items[-1] += self.blocks
                self.blocks.clear()
            else:
                made.items.append(list(self.blocks))
                self.blocks.clear()
        items = made.items
        return self._inside(lambda blocks: items.append(blocks) if blocks else None)

    # Tables.

    def _open_table(self, node: LexborNode) -> Undo:
        self._flush()
        if self._program is not None:
            return self._flush
        above, made = self._table, Table()
        before, listed = self.blocks, self._list
        self.blocks, self._list, self._table = [], None, made
        presented = (node.attributes.get("role") or "") == "presentation"

        def close() -> None:
            self._flush()
            strays, self.blocks = self.blocks, before
            self._table, self._list = above, listed
            for block in strays:
                self._add(block)
            if presented or is_layout(made):
                for row in made.rows:
                    for cell in row:
                        self.blocks += cell.blocks
                self._last = None
            elif made.rows:
                self._add(made)

        return close

    def _head(self, _node: LexborNode) -> Undo:
        self._flush()
        if self._table is not None and not self._table.rows:
            self._table.headed = True
        return self._flush

    def _row(self, _node: LexborNode) -> Undo:
        self._flush()
        if self._table is not None:
            self._table.rows.append([])
        return self._flush

    def _cell(self, node: LexborNode) -> Undo:
        self._flush()
        made = self._table
        if made is None or self._program is not None:
            return self._flush
        if not made.rows:
            made.rows.append([])
        cell = Cell([], header=node.tag == "th")
        attributes = node.attributes
        cell.columns = _count(attributes.get("colspan"))
        cell.rows = _count(attributes.get("rowspan"))
        row = made.rows[-1]

        def end(blocks: list[Block]) -> None:
            cell.blocks = blocks
            row.append(cell)
            self._table = made

        close = self._inside(end)
        self._table = None
        return close

    # Inside a line.

    def _link(self, node: LexborNode) -> Undo:
        href = self._href
        self._href = followed(node.attributes.get("href") or "", self._base) or href

        def close() -> None:
            self._href = href

        return close

    def _break(self, _node: LexborNode) -> None:
        if self._program is not None:
            self._program.append("\n")
        else:
            self._runs.append(BREAK)

    def _marked(self, mark: int) -> Undo:
        if self._program is not None:
            return self._code_line() if mark == CODE else _nothing
        marks = self._marks
        self._marks = marks | mark

        def close() -> None:
            self._marks = marks

        return close

    def _script(self, table: dict[int, int]) -> Undo:
        """`<sup>` or `<sub>`: raised or lowered characters where there are such, as plain as the rest where not."""
        first = len(self._runs)

        def close() -> None:
            runs = self._runs
            if all(ord(letter) in table for text, _, _ in runs[first:] for letter in tidied(text)):
                runs[first:] = [
                    (tidied(text).translate(table), marks, href)
                    for text, marks, href in runs[first:]
                ]

        return close

    def _quoted(self, _node: LexborNode) -> Undo:
        self._say("“")
        return lambda: self._say("”")

    def _annotation(self, _node: LexborNode) -> Undo:
        self._say("(")
        return lambda: self._say(")")

    def _svg(self, _node: LexborNode) -> Undo:
        return self._drawn(True)

    def _svg_text(self, _node: LexborNode) -> Undo:
        return self._drawn(False)

    def _foreign(self, _node: LexborNode) -> Undo:
        self._flush()
        undo = self._drawn(False)

        def close() -> None:
            self._flush()
            undo()

        return close

    def _drawn(self, drawing: bool) -> Undo:
        before, self._drawing = self._drawing, drawing

        def close() -> None:
            self._drawing = before

        return close


def _open_inline(_reader: Reader, _node: LexborNode) -> Undo:
    return _nothing


def _open_block(reader: Reader, _node: LexborNode) -> Undo:
    reader._flush()
    return reader._flush


def _open_nothing(_reader: Reader, _node: LexborNode) -> None:
    return None


def _open_marked(reader: Reader, node: LexborNode) -> Undo:
    return reader._marked(_MARKS[node.tag or ""])


_OPENERS: dict[str, Callable[[Reader, LexborNode], Undo | None]] = {
    **dict.fromkeys(_LEFT_OUT, _open_nothing),
    **dict.fromkeys(_BLOCKS, _open_block),
    **dict.fromkeys(_MARKS, _open_marked),
    **dict.fromkeys(PLAYERS, Reader._player),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), Reader._heading),
    **dict.fromkeys(("pre", "listing", "xmp", "plaintext"), Reader._code),
    **dict.fromkeys(("ul", "ol"), Reader._open_list),
    **dict.fromkeys(("td", "th"), Reader._cell),
    "-comment": Reader._comment,
    "li": Reader._item,
    "blockquote": Reader._quote,
    "hr": Reader._rule,
    "figcaption": Reader._caption,
    "caption": _open_block,
    "table": Reader._open_table,
    "thead": Reader._head,
    "tr": Reader._row,
    "a": Reader._link,
    "img": Reader._img,
    "br": Reader._break,
    "sup": lambda reader, _node: reader._script(_RAISED),
    "sub": lambda reader, _node: reader._script(_LOWERED),
    "q": Reader._quoted,
    "rt": Reader._annotation,
    "svg": Reader._svg,
    "text": Reader._svg_text,
    "foreignObject": Reader._foreign,
}


def _name_of(video: Video) -> str:
    """`视频：标题（3:05）`: what stands in the text for a player."""
    name = _KINDS.get(video.kind, video.kind)
    if video.title:
        name += f"：{tidied(video.title)}"
    if video.duration > 0:
        minutes, seconds = divmod(video.duration, 60)
        hours, minutes = divmod(minutes, 60)
        name += f"（{hours}:{minutes:02}:{seconds:02}）" if hours else f"（{minutes}:{seconds:02}）"
    return name


def _is_small(node: LexborNode) -> bool:
    attributes = node.attributes
    for side in ("width", "height"):
        number = (attributes.get(side) or "").removesuffix("px")
        if number.isascii() and number.isdigit() and int(number[:6]) <= SMALL:
            return True
    return False


def _first_number(node: LexborNode) -> int:
    start = node.attributes.get("start") or ""
    return int(start) if start.isascii() and start.isdigit() and len(start) < 10 else 1


def _count(value: str | None) -> int:
    if value is None or not (value.isascii() and value.isdigit()):
        return 1
    return max(1, int(value[:6]))


def _language_of(node: LexborNode) -> str:
    """The language a code block is in, where its markup says so (`data-lang`, `class="language-python"`)."""
    for element in (node, node.css_first("[data-lang],[class*=language-],[class*=lang-]")):
        if element is None:
            continue
        attributes = element.attributes
        if attributes.get("data-lang"):
            return attributes["data-lang"] or ""
        for name in (attributes.get("class") or "").split():
            for prefix in ("language-", "lang-"):
                if name.startswith(prefix):
                    return name.removeprefix(prefix)
    return ""


__all__ = ["CLEAR", "DEEPEST", "PLAYERS", "TINY", "Line", "Reader"]
