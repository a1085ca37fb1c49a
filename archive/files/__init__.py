"""Files on disk: where each stands, and writing them so that they survive a power cut.

    places      where a file stands, from the archive's root
    there       whether something stands at a path
    durable     writing: a file is there whole, or not at all; the operating system's refusals as `StorageError`
    tree        the files of one archive: write, read, walk, set aside, sweep
    exchange    one archive in the place of another
    lock        one writer at a time

A file is first written under `.tmp/`, so whatever a crash leaves behind is in one place and the next writer sweeps it.
Captures are appended by `archive.captures`; SQLite writes its own file; nothing else in the project changes the disk.
"""

from archive.files.durable import (
    make_folder,
    publish,
    refusal,
    storing,
    sync,
    sync_file,
    sync_folder,
    write,
    write_all,
    write_stream,
)
from archive.files.exchange import exchange, finish_exchange
from archive.files.lock import Lock, unless_linked
from archive.files.places import (
    ARTICLES,
    CAPTURES,
    FOLDERS,
    IMAGES,
    INDEX,
    LOCK,
    LOST,
    MERGED,
    REVISIONS,
    TEMPORARY,
    article_at,
    article_path,
    deeper,
    digest,
    image_path,
    is_id,
    revision_path,
    root_from,
    shallower,
)
from archive.files.there import file_there, folder_there, real, there
from archive.files.tree import Staged, Tree

__all__ = [
    "ARTICLES",
    "CAPTURES",
    "FOLDERS",
    "IMAGES",
    "INDEX",
    "LOCK",
    "LOST",
    "MERGED",
    "REVISIONS",
    "TEMPORARY",
    "Lock",
    "Staged",
    "Tree",
    "article_at",
    "article_path",
    "deeper",
    "digest",
    "exchange",
    "file_there",
    "finish_exchange",
    "folder_there",
    "image_path",
    "is_id",
    "make_folder",
    "publish",
    "real",
    "refusal",
    "revision_path",
    "root_from",
    "shallower",
    "storing",
    "sync",
    "sync_file",
    "sync_folder",
    "there",
    "unless_linked",
    "write",
    "write_all",
    "write_stream",
]
