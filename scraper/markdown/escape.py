"""Keep text text: a backslash where a character would otherwise become markup, and nowhere else.  Pure.

What would: CommonMark and GFM, the extensions Hugo switches on (definition lists, footnotes, heading attributes, bare
addresses as links), Hugo's shortcodes and front matter, formulas in `$`, Obsidian's links, comments and highlights.
"""

import re

from scraper.markdown.addresses import written

# Each way it can go on begins with a plain sign of its own, not with a look back or a set of signs: so the engine skips
# to the next of them in one stride instead of trying every way at every letter.
_MARKUP = r"""
    \\(?=[!-/:-@\[-`{-~]|$)             # would escape what follows it
  | ` | ~ | \* | \$
  | __*
  | <(?=[A-Za-z/!?%])                   # a tag, a comment
  | !(?<=<!)
  | &(?=\#[0-9xX]|[A-Za-z][A-Za-z0-9]*;)
  | \](?=[(\[:])                        # the end of a link's text
  | \[(?=[\^!]|[ xX]\](?![(\[:]))       # a footnote, an alert, a task (Hugo 0.111: anywhere in an item)
  | \{(?<=\{\{)(?=[<%]|$)               # a shortcode
"""
# GitHub and Hugo make links of bare addresses, but not inside the text of a link, nor of `www.` right after a letter.
_ADDRESS = r"""
    :(?i:(?<=http:)|(?<=https:)|(?<=ftp:))//
  | w(?<![^\s*_~(].)(?i:ww)\.
  | W(?<![^\s*_~(].)(?i:ww)\.
"""
_SIGNS = re.compile(r"[\\`~*$_<&\[\]{/wW]")
"""One of these has to be there for anything of it to match; looking for them alone is ten times as fast."""
_INLINE = re.compile(f"{_MARKUP} | {_ADDRESS}", re.VERBOSE)
_BRACKETED = re.compile(rf"{_MARKUP} | \[ | \]", re.VERBOSE)
_OBSIDIANS = re.compile(r"(?<!\\)\[(?=\[)|%(?=%)|(?<!=)=(?==[^=\s])")
"""What begins a link, a comment or a highlight in Obsidian; two signs, so rare that a look for them costs least."""
_START = re.compile(
    r"""
    \#{1,6}(?=\s|$) | > | [-+*](?=\s|$)
  | =+\s*$ | -+\s*$ | [|:\- ]+$         # underlines of headings and of table heads
  | :(?=\s)                             # a definition
    """,
    re.VERBOSE,
)
_TARGET = re.compile(r"\[(?:[^\]\\]|\\.)*+\]:", re.DOTALL)
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_CLOSING = re.compile(r"(?:(?<=\s)|^)(#+)$")


def _is_obsidians(said: str) -> bool:
    return "[[" in said or "%%" in said or "==" in said


def text(said: str, *, bracketed: bool = False, lone: str = "") -> str:
    """The text as Markdown shows it.

    bracketed: it stands inside the brackets of a link or picture.
    lone: signs of which the paragraph holds but one (`*ST`, `3~5`); they need a partner to mean anything.

    >>> text("3*4*5 <b> a_b _c_ [1] C:\\\\x"), text("[1]", bracketed=True)
    ('3\\\\*4\\\\*5 \\\\<b> a_b \\\\_c\\\\_ [1] C:\\\\x', '\\\\[1\\\\]')
    """
    escaped = said
    if _SIGNS.search(said) is not None:
        escaped = (_BRACKETED if bracketed else _INLINE).sub(_escaped, said)
        for sign in lone:
            escaped = escaped.replace("\\" + sign, sign)
    return _OBSIDIANS.sub(r"\\\g<0>", escaped) if _is_obsidians(said) else escaped


def texts(lines: list[str]) -> list[str]:
    """The lines of a paragraph that has no marks: a sign that only works in a pair is left alone where it is alone."""
    said = lines[0] if len(lines) == 1 else "".join(lines)
    if _SIGNS.search(said) is None and not _is_obsidians(said):
        return lines
    lone = "".join(sign for sign in "*~`$" if said.count(sign) == 1)
    return [text(line, lone=lone) for line in lines]


def _escaped(found: re.Match[str]) -> str:
    sign, said = found.group(), found.string
    start, end = found.span()
    before = said[start - 1] if start else ""
    after = said[end] if end < len(said) else ""
    if sign[0] == "_":
        return sign if before.isalnum() and after.isalnum() else "\\_" * len(sign)
    if sign == "*" and before == " " and after == " ":
        return sign
    if sign[0] in "wW":
        return sign[:3] + "\\."
    return "\\" + sign


def start(line: str) -> str:
    """A finished line that opens or continues a paragraph, so that its start makes no block of it.

    >>> start("1. 甲"), start("- 乙"), start("-5%"), start("---")
    ('1\\\\. 甲', '\\\\- 乙', '-5%', '\\\\---')
    """
    if line[0] in "#>-+*=|:" and _START.match(line):
        return "\\" + line
    if line[0].isdigit():
        return _NUMBERED.sub(r"\1\\\2", line, count=1) if _NUMBERED.match(line) else line
    return line


def paragraph(lines: list[str]) -> str:
    """Finished lines as one paragraph, a hard break between them.

    It must not begin like the target of links elsewhere (`[1]: …`), which nobody sees; and Goldmark misses the break
    after a backslash.
    """
    if len(lines) == 1:
        said = start(lines[0])
    else:
        ends = [f"{line[:-2]}&#92;" if line.endswith("\\\\") else line for line in lines[:-1]]
        said = "\\\n".join(map(start, [*ends, lines[-1]]))
    return "\\" + said if said[0] == "[" and _TARGET.match(said) else said


def heading(line: str) -> str:
    """The words of a heading, so that none of them is taken for its closing `#` or for its attributes."""
    if line.endswith("#"):
        line = _CLOSING.sub(r"\\\1", line)
    if line.endswith("}"):
        at = line.rfind("{")
        if at >= 0 and line[at - 1 : at] != "\\":
            line = f"{line[:at]}\\{line[at:]}"
    return line


def picture(alt: str, address: str) -> str:
    """A picture.

    >>> picture("图 [1]", "https://inews.gtimg.com/a b/0")
    '![图 \\\\[1\\\\]](https://inews.gtimg.com/a%20b/0)'
    """
    said = text(" ".join(alt.split()), bracketed=True)
    if said.startswith("^"):
        said = "\\" + said  # or GitHub looks for a footnote
    return f"![{said}]({written(address)})"


def document(markdown: str) -> str:
    """The whole text, so that its beginning is not taken for front matter."""
    return "\\" + markdown if markdown.startswith(("{", "+++", "---")) else markdown
