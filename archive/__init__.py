"""Keeps articles and finds them again.  Knows nothing of qq.com or HTTP.

Rooms, from the ground up: `errors state article capture` (values), `text document profiles dedupe near changes query`
(pure decisions), `files captures` (disk), `index` (SQLite), `reader` (asking), `archive` (keeping).
"""
