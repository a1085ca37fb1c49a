"""Serve faults until interrupted: `python -m tests.hostile`."""

import json
import signal
import sys
import tempfile
from pathlib import Path

from tests.hostile import FAULTS, hostile

with tempfile.TemporaryDirectory() as folder, hostile(Path(folder)) as server:
    ports = {"port": server.port, "tls_port": server.tls_port, "ca_file": str(server.ca_file)}
    print(json.dumps(ports | {"faults": len(FAULTS)}), flush=True)
    try:
        signal.pause()
    except KeyboardInterrupt:
        sys.exit(130)
