"""The words of an article, to compare and to search.  Pure.

    clean, line   text as it may be stored: nothing that could act on a terminal, a file or a reader's eye
    words         what a reader reads in a piece of Markdown: no markup, no link targets, one block a line
    folded        text as search sees it: same length, width and case evened out
    bare          text as comparison sees it: folded, nothing invisible, without any space
    fingerprint   one short word for a text, equal exactly when `bare` is
    indexed       what full-text search indexes: its tokens, Chinese in pairs of characters
    tokens        the same, one by one
    Term          something to look for: its full-text phrase, and where it stands in a text
    snippets      the place in a text that shows best why it was found

Link targets never count: the stored Markdown links to local pictures and the page's to the web, and both must
give the same fingerprint, or every illustrated article would look revised after a rebuild.

`markdown` and `inline` take markup away, `spelling` is about single characters, `terms` about search.
"""

from archive.text.markdown import words
from archive.text.spelling import bare, clean, fingerprint, folded, line, visible
from archive.text.terms import Term, indexed, term, tokens

__all__ = [
    "Term",
    "bare",
    "clean",
    "fingerprint",
    "folded",
    "indexed",
    "line",
    "term",
    "tokens",
    "visible",
    "words",
]
