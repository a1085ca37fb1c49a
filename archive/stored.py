"""What lies in a capture file, read back.  Pure.

Stored    one capture as the index knows it: its event, and where its record lies
stored    the records of a group → Stored
Damage    bytes that are no whole group
"""

from dataclasses import dataclass

from archive import warc
from archive.capture import Capture
from archive.warc import Event, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One capture in a file: begin and end of its group, offset of its record, all in bytes.

    type: `response`, `resource`, `revisit`, or `metadata` for an event whose page was not kept.
    digest: of the body, empty when there is none.  refers: the record that holds a revisit's body.
    """

    record: str
    type: str
    path: str
    begin: int
    offset: int
    end: int
    url: str
    status: int
    size: int
    digest: str
    refers: str
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """Bytes of a capture file that are no whole group.

    torn: what a write leaves that was cut short; never so in a file that bears no name of ours.
    """

    path: str
    offset: int
    end: int
    torn: bool = False


def stored_of(path: str, begin: int, main: Record | None, told: Record) -> Stored | None:
    """A group of records as a capture; None when its metadata is not ours.

    path: of the file.  begin: of the group, in bytes.  main: the page's record, if there is one.  told: the event's.
    """
    try:
        event = Event.from_json(told.block)
        capture = warc.capture_of(main) if main else None
    except (ValueError, IndexError):
        return None
    record = main or told
    size = _size(main, capture) if main and capture else event.size
    # When its page is lost to damage, the event still speaks of it by name.
    spoken_of = told.headers.get("warc-concurrent-to", "").strip("<>")
    return Stored(
        record=main.id if main else spoken_of or told.id,
        type=record.type if main else "metadata",
        path=path,
        begin=begin,
        offset=record.offset,
        end=told.end,
        url=event.url,
        status=capture.status if capture else event.status,
        size=size,
        digest=main.digest if main and size else "",
        refers=main.refers_to if main else "",
        event=event,
    )


def _size(main: Record, capture: Capture) -> int:
    """The size of the body that a record stands for; a revisit's is told by its own Content-Length."""
    if main.type != "revisit":
        return len(capture.body)
    head = main.block.decode("utf-8", "replace").lower()
    told = [
        line.partition(":")[2] for line in head.splitlines() if line.startswith("content-length:")
    ]
    return int(told[-1]) if told and told[-1].strip().isdecimal() else 0
