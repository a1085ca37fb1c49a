"""WARC records as bytes: what a capture and its meaning look like on disk.  Pure.

    event      Event: what a capture meant to the archive: whose it is, its state, the verdict
    writing    group: a capture and its event as the gzip members to append
    reading    members: the records of a file, one by one, with what lies between them when it is damaged
    foreign    captures_in: the captures of any WARC file, also of other tools

Every capture is a *group*: the request as sent, the response (or a saved file as `resource`, or a `revisit` when its
bytes are kept already), and a `metadata` record that holds the event as JSON.  Files, and where a group lies in them,
are left to `archive.captures`.
"""

from archive.warc.event import Event
from archive.warc.foreign import captures_in
from archive.warc.reading import Gap, Record, capture_of, headers_in, members
from archive.warc.writing import Group, Known, Lookup, group, warcinfo

__all__ = [
    "Event",
    "Gap",
    "Group",
    "Known",
    "Lookup",
    "Record",
    "capture_of",
    "captures_in",
    "group",
    "headers_in",
    "members",
    "warcinfo",
]
