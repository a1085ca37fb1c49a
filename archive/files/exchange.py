"""One archive in the place of another, as one step that a crash can only delay."""

import shutil
from datetime import datetime
from pathlib import Path

from archive.files.durable import make_folder, storing, sync_folder, write
from archive.files.places import EXCHANGE, FOLDERS, INDEX, LOST, MERGED
from archive.files.there import file_there, there


def exchange(root: Path, *, at: datetime) -> None:
    """Puts the archive made at `.merged/` in the place of the one around it, whose files go to `lost+found/`.

    What is under way stands in `.exchange`; `finish_exchange` goes on from it after a crash.  Raises StorageError.
    """
    base = f"{LOST}/{at:%Y%m%dT%H%M%SZ}-before-merge"
    places = (base, *(f"{base}-{number}" for number in range(2, 10_000)))
    write(root / EXCHANGE, next(one for one in places if not there(root / one)).encode())
    finish_exchange(root)


def finish_exchange(root: Path) -> None:
    """Goes on with an exchange that a crash cut short; nothing happens when there is none.  Raises StorageError."""
    note = root / EXCHANGE
    if not file_there(note):
        return
    with storing(note):
        aside = root / note.read_text("utf-8")
        made = root / MERGED
        make_folder(aside)
        for name in (INDEX + "-wal", INDEX + "-shm", INDEX, *FOLDERS):
            # As long as the new one waits, what stands in its place is the old one.
            waiting = made / (INDEX if name.startswith(INDEX) else name)
            if there(waiting) and there(root / name):
                (root / name).rename(_free(aside / name))
        sync_folder(aside)
        sync_folder(root)
        for name in (*FOLDERS, INDEX):
            if there(made / name):
                (made / name).rename(root / name)
        sync_folder(root)
        shutil.rmtree(made, ignore_errors=True)
        note.unlink()
        sync_folder(root)


def _free(place: Path) -> Path:
    """The place, or one beside it that is not taken."""
    names = (place, *(place.with_name(f"{place.name}.{number}") for number in range(2, 10_000)))
    return next(one for one in names if not there(one))
