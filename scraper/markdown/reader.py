"""What has been read of a body so far, and what can be done with it.  Pure.

`walk` goes through the elements, `openers` and `containers` say what each of them does to a reader.
"""

from collections.abc import Callable
from dataclasses import replace

from archive.article import Image, Video
from scraper.markdown.addresses import followed, safe
from scraper.markdown.blocks import (
    BREAK,
    Block,
    Bullets,
    Code,
    Heading,
    Paragraph,
    Picture,
    Run,
    Table,
)
from scraper.markdown.dialect import Dialect
from scraper.markdown.lines import program, set_lines, tidied

Undo = Callable[[], None]
"""What is done when an element ends."""

_KINDS = {"video": "视频", "audio": "音频"}


class Reader:
    """A body being read.  `blocks`, `images` and `videos` are what was found; the rest is where reading stands."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.blocks: list[Block] = []  # of the container being read
        self.images: list[Image] = []
        self.videos: list[Video] = []
        self.seen: set[tuple[str, str]] = set()  # kind and key of every picture and player

        self.runs: list[Run] = []  # of the paragraph being read
        self.marks = 0
        self.href = ""
        self.level = 0  # of the heading being read, 0 in plain text
        self.veil = 0  # why text is not drawn (`looks`)
        self.drawing = False  # in an svg, where bare text is not text
        self.feeds = False  # line feeds are breaks

        self.program: list[str] | None = None  # the code block being read
        self.language = ""
        self.code_end = -1  # how much of it there was when the last `<code>` in it ended

        self.bullets: Bullets | None = None  # the list whose children are being read
        self.table: Table | None = None  # the table whose rows are being read
        self.depth = 0  # of lists and quotes
        self.shown: Picture | None = None  # the picture that a caption here would belong to

    def text(self, text: str) -> None:
        """A text node."""
        if self.veil or self.drawing:
            return
        if self.program is not None:
            self.program.append(text)
        elif self.feeds and "\n" in text:
            for number, part in enumerate(text.split("\n")):
                if number:
                    self.runs.append(BREAK)
                self.runs.append((part, self.marks, self.href))
        else:
            self.runs.append((text, self.marks, self.href))

    def flush(self) -> None:
        """End the paragraph being read, if there is one; in a code block, the line."""
        if self.program:
            if not self.program[-1].endswith("\n"):
                self.program.append("\n")
        elif self.runs:
            runs, self.runs = self.runs, []
            paragraphs = set_lines(runs)
            if self.level and paragraphs:
                self.add(Heading(self.level, [line for lines in paragraphs for line in lines]))
                return
            for lines in paragraphs:
                self.add(Paragraph(lines))

    def part(self) -> None:
        """End the paragraph being read; end the code block too, if one is, and begin another."""
        self.flush()
        if self.program is not None:
            text = program("".join(self.program))
            self.program.clear()
            self.code_end = -1
            if text:
                self.add(Code(text, self.language))

    def add(self, block: Block) -> None:
        self.shown = block if isinstance(block, Picture) else None
        self.blocks.append(block)

    def inside(self, end: Callable[[list[Block]], None], *, deeper: int = 0) -> Undo:
        """Collect blocks apart until the element ends, then hand them to `end`."""
        self.flush()
        blocks, bullets, level = self.blocks, self.bullets, self.level
        self.blocks, self.bullets, self.level = [], None, 0
        self.depth += deeper

        def close() -> None:
            self.flush()
            found, self.blocks = self.blocks, blocks
            self.bullets, self.level = bullets, level
            self.depth -= deeper
            end(found)

        return close

    def is_amid_words(self) -> bool:
        """Whether the line being read has words already."""
        for run in reversed(self.runs):
            if run is BREAK:
                return False
            if tidied(run[0]).strip():
                return True
        return False

    def show(self, image: Image) -> None:
        """A picture as a block of its own, once; what the page is known to print under it follows."""
        if ("image", image.key) in self.seen:
            return
        self.part()
        image = self.keep(image)
        picture = Picture(len(self.images) - 1, self.href)
        self.add(picture)
        if image.caption:
            self.caption(picture, image.caption)
            self.add(Paragraph([[(tidied(image.caption).strip(), 0, "")]]))
            self.shown = picture  # the page may print it, too

    def keep(self, image: Image) -> Image:
        """List a picture, by addresses that Markdown can hold as they are."""
        self.seen.add(("image", image.key))
        if safe(image.url) != image.url:
            image = replace(
                image,
                url=safe(image.url),
                renditions=tuple(safe(address) for address in image.renditions),
            )
        self.images.append(image)
        return image

    def caption(self, picture: Picture, said: str) -> None:
        """Tie a caption to its picture."""
        image = self.images[picture.number]
        alt = image.alt if image.alt.strip() else said
        self.images[picture.number] = replace(image, caption=said, alt=alt)

    def play(self, video: Video) -> None:
        """A player as a line that says what it plays and leads there: `视频：title（3:05）`."""
        if (video.kind, video.key) in self.seen:
            return
        self.part()
        self.seen.add((video.kind, video.key))
        self.videos.append(video)
        said = _KINDS.get(video.kind, video.kind)
        if video.title.strip():
            said += f"：{tidied(video.title).strip()}"
        if video.duration > 0:
            said += f"（{_length(video.duration)}）"
        self.add(Paragraph([[(said, 0, followed(video.url, ""))]]))


def _length(seconds: int) -> str:
    """`3:05`, `1:03:05`."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
