"""Kept pages as they lie in a capture file: their gzip members, byte for byte.

group_at     a page with the request before it and the event after it
member_at    the record alone
"""

from itertools import takewhile
from typing import BinaryIO

from archive import warc
from archive.files import Tree
from archive.index.exporting import Lying
from archive.warc import Record


def group_at(tree: Tree, page: Lying) -> bytes | None:
    """The members of a page; None when they do not lie there whole."""
    try:
        with tree.open(page.path) as file:
            begin = page.after
            records = warc.members(file, begin)
            for one in takewhile(lambda one: one.offset <= page.offset, records):
                if isinstance(one, Record) and one.id == page.record:
                    event = next(records, None)
                    whole = isinstance(event, Record) and event.type == "metadata"
                    return _bytes(file, begin, event.end) if whole and event else None
                is_request = isinstance(one, Record) and one.type == "request"
                begin = one.offset if is_request else one.end
    except OSError:
        return None
    return None


def member_at(tree: Tree, page: Lying) -> bytes | None:
    """The member of a page's own record; None when it does not lie there whole."""
    try:
        with tree.open(page.path) as file:
            one = next(warc.members(file, page.offset), None)
            if isinstance(one, Record) and one.id == page.record:
                return _bytes(file, one.offset, one.end)
    except OSError:
        return None
    return None


def _bytes(file: BinaryIO, begin: int, end: int) -> bytes:
    file.seek(begin)
    return file.read(end - begin)
