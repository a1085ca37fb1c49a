"""Turns an address into an article, and runs the program.

Rooms, from the ground up: `errors urls charset script page reading notices markdown layouts extract` (pure: bytes
in, article out), `sources` (what can be polled), `pictures worker` (hostile bytes, where they can be killed),
`fetch` (the network), `config` (settings), `pipeline` (one article, many articles, one run), `demo`, `cli`.
"""

__version__ = "0.1.0"
