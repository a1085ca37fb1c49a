"""A server that does everything wrong, on loopback, for whoever must survive it.

    with hostile() as server:               a thread with its own event loop; plain HTTP and TLS
        server.port, server.tls_port        where it listens
        server.ca_file                      the authority that signed its certificates (PEM)
        server.log                          what it saw: method, path, headers, its own clock, which connection

Each path is one fault, and `FAULTS` names them all.  `/__log` answers with the log as JSON, `python -m tests.hostile`
serves until it is interrupted.
"""

from tests.hostile import answers, connections, newspaper  # noqa: F401  they add their faults
from tests.hostile.faults import FAULTS
from tests.hostile.server import Hostile, Seen, hostile

__all__ = ["FAULTS", "Hostile", "Seen", "hostile"]
