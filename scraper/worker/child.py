"""What runs in a worker process: read a job, do it, answer, until the pipe closes.

It may not write files, and cannot outlive its parent for long: when the pipe closes it ends, and a job runs into its
limit of processor time whether the parent lives or not.  It ignores Ctrl-C, which is the parent's to answer.
"""

import os
import resource
import signal
import sys
import traceback
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final

from scraper.extract import extract
from scraper.pictures import Shape, look
from scraper.worker.messages import LENGTHS, Answer, Hello, Job, job, packed

TIRED: Final = 400 * 2**20
"""Bytes of resident memory, at the highest, after which a process has earned its rest."""


def main(memory: int) -> None:
    """Serve jobs on standard input and output.  memory: bytes of address space this process may use."""
    # Whatever a library prints must not look like an answer.
    pipe_in, pipe_out = os.fdopen(os.dup(0), "rb", 1 << 16), os.fdopen(os.dup(1), "wb", 1 << 16)
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, 0)
    os.dup2(silence, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The default ends the process, even inside a parser written in C.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    confine(memory)
    pipe_out.write(packed(Hello()))
    pipe_out.flush()
    while received := next_job(pipe_in):
        asked, body = received
        signal.setitimer(signal.ITIMER_PROF, asked.seconds)
        answer = done(asked, body)
        signal.setitimer(signal.ITIMER_PROF, 0)
        pipe_out.write(answer)
        pipe_out.flush()


def next_job(pipe: BinaryIO) -> tuple[Job, bytes] | None:
    """The next job and its body; None when the pipe is closed, be it in the midst of one: half a page is no page."""
    lengths = pipe.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    header, size = LENGTHS.unpack(lengths)
    message, body = pipe.read(header), pipe.read(size)
    if (len(message), len(body)) != (header, size):
        return None
    return job(message), body


def done(asked: Job, body: bytes) -> bytes:
    """Do one job; gives the message that says what came of it."""
    try:
        answer = _answer(asked, body)
        answer.tired = tired()
        return packed(answer)  # a lone surrogate in a title is a bug, and found here
    except MemoryError:
        return packed(Answer(memory=True, tired=True))
    except Exception:
        return packed(Answer(bug=traceback.format_exc(limit=-12), tired=tired()))


def _answer(asked: Job, body: bytes) -> Answer:
    if asked.capture is not None:
        return Answer(reading=extract(replace(asked.capture, body=body), asked.asked))
    seen = look(body, pixels=asked.pixels, frames=asked.frames)
    return Answer(shape=seen) if isinstance(seen, Shape) else Answer(flaw=seen)


def confine(memory: int) -> None:
    """Limit what a hijacked parser could do: memory, no core dumps, no files written, few files open."""
    sys.dont_write_bytecode = True
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        try:
            _, hard = resource.getrlimit(kind)
            least = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (least, least))
        except (ValueError, OSError):  # macOS knows RLIMIT_AS and refuses to set it
            continue


def tired() -> bool:
    """Whether this process ever held so much memory that it has earned its rest.

    Linux starts `ru_maxrss` at what the parent held: what it says is never too little, and where it says too much, the
    process is asked for its own high-water mark.
    """
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if sys.platform == "darwin":
        return most > TIRED
    return most * 1024 > TIRED and _high_water_mark() > TIRED


def _high_water_mark() -> int:
    """The most memory this process ever held, in bytes; as much as can be where Linux does not tell."""
    try:
        status = Path("/proc/self/status").read_text("ascii", "replace")
    except OSError:
        return sys.maxsize
    marks = (int(row.split()[1]) * 1024 for row in status.splitlines() if row[:6] == "VmHWM:")
    return next(marks, sys.maxsize)
