"""What may be set about the worker processes.  Pure, and light: the configuration loads it."""

from dataclasses import dataclass

from scraper.units import Seconds, Size


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """How pages are read.

    processes: how many read at once.  page_time, picture_time: seconds of processor time one page or picture may take;
    by the clock it may take six times as long.
    memory: bytes of address space of one process; not enforced by macOS.
    """

    processes: int = 1
    page_time: Seconds = 5.0
    picture_time: Seconds = 10.0
    memory: Size = 2**30

    def __post_init__(self) -> None:
        if not 1 <= self.processes <= 256:
            raise ValueError("processes must be between 1 and 256")
        if self.page_time <= 0 or self.picture_time <= 0:
            raise ValueError("page_time and picture_time must be longer than nothing")
        if self.memory < 256 * 2**20:
            raise ValueError("memory must be at least 256MiB: Python itself needs that much")
