"""Which kept articles it is time to ask for again, to see what was edited and what was taken down.

due    id and address of each, the newest first

Nothing is written down for it: when an article was first kept, when it was seen withdrawn and when it was looked at
stand in its row, and a look that failed in its row of the queue.  A time to come is one of a clock that was ahead: the
article is then asked for at once, and begins when the first of its captures that can be believed tells.
"""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from archive.article import NAMELESS
from archive.index.events import stamp

# All these times are written alike (`events.stamp`), so that as text they sort in order of time.
_DUE = """
    with known as (
        select a.id, a.url, a.revision,
            iif(a.back is null, coalesce(a.gone, a.first_captured), a.first_captured) as told,
            iif(a.checked > :second, '', a.checked) as checked,
            iif(q.changed is null or q.changed > :second, '', q.changed) as tried
        from articles a left join queue q on q.id = a.id
        where (q.id is null or q.state in ('done', 'dead')) and a.id not glob :nameless
    ),
    believed as (
        select id, url, revision, max(checked, tried) as looked,
            iif(told > :second, (select min(c.at) from captures c where c.id = known.id), told) as began
        from known
    ),
    ages as (
        select id, url, revision, began, looked,
            :now - cast(strftime('%s', began) as integer) as age,
            cast(strftime('%s', looked) as integer) - cast(strftime('%s', began) as integer) as age_then
        from believed where began > :oldest and looked <= :lately
    )
    select id, url from ages
    where (looked = '' or exists (select 1 from json_each(:after) where value > age_then and value <= age))
      and not exists (
        select 1 from revisions r join captures c on c.record = r.capture
        where r.article = ages.id and r.number = ages.revision and c.type = 'resource'
      )
    order by began desc, id limit :limit
"""


def due(
    db: sqlite3.Connection,
    after: Sequence[float],
    *,
    fresh: float,
    now: datetime,
    limit: int | None = None,
) -> list[tuple[str, str]]:
    """Articles of which a look is due that was not taken, nor tried in vain.

    after: seconds from when an article was first kept, or was seen withdrawn, to each look at it.  fresh: seconds after
    any look, during which there is none.  limit: how many, at the most; None gives all.
    What waits in the queue is left to it, and what was imported from a saved file is left alone, for its page may never
    have been there; so is what is twice as old as the last look, for it comes from an old collection.
    """
    if not after:
        return []
    rows = db.execute(
        _DUE,
        {
            "after": json.dumps(list(after)),
            "now": int(now.timestamp()),
            "second": stamp(now),
            "oldest": stamp(now - timedelta(seconds=2 * max(after))),
            "lately": stamp(now - timedelta(seconds=fresh)),
            "nameless": f"{NAMELESS}*",
            "limit": -1 if limit is None else limit,
        },
    )
    return [(id, url) for id, url in rows]
