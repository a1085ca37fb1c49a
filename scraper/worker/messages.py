"""What the program and its worker process say to each other.  Pure.

A message is a header in JSON and a body of bytes, with their two lengths before them.  JSON, and never pickle: the
worker reads hostile bytes, so what it says becomes the expected types or nothing.  The body travels as it is.
"""

import struct
from typing import Final

import msgspec

from archive.capture import Capture
from scraper.pictures import Flaw, Shape
from scraper.reading import Reading
from scraper.urls import ArticleUrl

LENGTHS: Final = struct.Struct(">II")

LONGEST: Final = 64 * 2**20
"""Bytes; what claims to be longer is not a message of ours."""


class Job(msgspec.Struct, kw_only=True):
    """What to do with the body: read it as the page `capture`, or look at it as a picture when there is no capture.

    seconds: the processor time it may take.
    """

    seconds: float
    capture: Capture | None = None
    asked: ArticleUrl | None = None
    pixels: int = 0
    frames: int = 0


class Answer(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What came of it: exactly one of the first four is there.

    bug: the traceback of an error that no page may cause.  memory: it needed more memory than a job may have.
    tired: the process holds so much memory that a fresh one should take over.
    """

    reading: Reading | None = None
    shape: Shape | None = None
    flaw: Flaw | None = None
    bug: str = ""
    memory: bool = False
    tired: bool = False


class Hello(msgspec.Struct, kw_only=True):
    """The worker's first message: everything is imported, jobs may come."""


_encoder = msgspec.json.Encoder()
_jobs = msgspec.json.Decoder(Job)
_answers = msgspec.json.Decoder(Answer)
_hellos = msgspec.json.Decoder(Hello)


def packed(message: Job | Answer | Hello, body: bytes = b"") -> bytes:
    """Lengths and header, to be sent before the body."""
    header = _encoder.encode(message)
    return LENGTHS.pack(len(header), len(body)) + header


def job(header: bytes) -> Job:
    """Raises ValueError for anything else; so do the others."""
    return _jobs.decode(header)


def answer(header: bytes) -> Answer:
    """The worker's answer."""
    found = _answers.decode(header)
    if not (found.bug or found.memory or found.reading or found.shape or found.flaw):
        raise ValueError("an answer that answers nothing")
    return found


def hello(header: bytes) -> Hello:
    """The worker's first word."""
    return _hellos.decode(header)
