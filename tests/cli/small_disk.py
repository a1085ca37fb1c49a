"""A disk of a few MiB in memory, on which commands run one after the other; only these see it."""

import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.cli.conftest import Ended


class SmallDisk:
    """A small disk with an archive on it.  root: where that stands; copy: what it was like at the end."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._disk = folder / "disk"
        self._said = folder / "said"
        self._environment = environment
        self.root = self._disk / "news"
        self.copy = folder / "copy"
        self._disk.mkdir()
        self._said.mkdir()

    def run(self, options: str, *steps: list[str] | str) -> list[Ended]:
        """Mounts the disk with these options and takes each step: the words of a command, or other mount options.

        Gives how each ended.
        """
        lines = [f"mount -t tmpfs -o {options} tmpfs {self._disk}"]
        for number, step in enumerate(steps):
            line = f"mount -o remount,{step} {self._disk}"
            if not isinstance(step, str):
                line = shlex.join([sys.executable, "-m", "scraper", *step])
            place = self._said / str(number)
            lines.append(f"code=0; {line} >{place}.out 2>{place}.err || code=$?")
            lines.append(f"echo $code >{place}.code")
        lines.append(f"cp -r {self.root} {self.copy}")
        subprocess.run(
            ["unshare", "-rm", "sh", "-ec", "\n".join(lines)],
            cwd=self._said,
            env=dict(self._environment),
            check=True,
            timeout=300,
        )
        places = [self._said / str(number) for number in range(len(steps))]
        return [
            Ended(
                int(place.with_suffix(".code").read_text()),
                place.with_suffix(".out").read_text("utf-8"),
                place.with_suffix(".err").read_text("utf-8"),
            )
            for place in places
        ]
