"""Where the real pages stand: beside the checkout, never inside it.

Tests that read them are marked `needs_corpus` and skip, with this reason, where the folder is missing.
"""

import gzip
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
CORPUS = SHARED / "corpus"

needs_corpus = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the corpus of real pages is not beside this checkout"
)


def page_bytes(name: str) -> bytes:
    """The bytes of a page of the corpus, unzipped; `name` is its path there, with or without `.gz`."""
    path = CORPUS / name
    if not path.exists():
        path = path.with_name(path.name + ".gz")
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content
