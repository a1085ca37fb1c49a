"""Kept articles asked for again, to see what was edited and what was taken down.

    Rechecks    how long after an article was first kept, or was seen withdrawn
    queue_due   those whose time has come, into the queue, behind all that is new

They are asked like any other article, conditionally where the site gave us validators.
"""

from dataclasses import dataclass
from typing import Final

from archive.archive import Archive, Wanted

RECHECK: Final = "recheck"
"""What such an article's source is called in the queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecks:
    """When kept articles are asked for again.

    after: seconds to each look.  fresh: seconds after any look, in which there is no other.  most: articles at once.
    """

    after: tuple[float, ...] = ()
    fresh: float = 0.0
    most: int = 200


def queue_due(archive: Archive, rechecks: Rechecks) -> int:
    """Queue the articles of which a look is due, beside those that earlier runs left in the queue; gives how many."""
    room = rechecks.most - archive.queue.due(source=RECHECK)
    if room <= 0:
        return 0
    due = archive.due_again(rechecks.after, fresh=rechecks.fresh, limit=room)
    wanted = [Wanted(id=id, url=url, source=RECHECK, priority=-1) for id, url in due]
    return archive.queue.add(wanted, again=True) if wanted else 0
