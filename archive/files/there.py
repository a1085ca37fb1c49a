"""Whether something stands at a path, links followed.

    there           anything
    file_there      a regular file
    folder_there    a folder
    real            where a path leads, all links followed

From Python 3.14 on, `Path.exists` and its kin also say no where the system would not look: in a folder that this user
may not read, on a disk that fails.  What is only out of sight would be taken for missing, and made anew.
"""

import errno
import os
import stat
from pathlib import Path


def there(path: Path) -> bool:
    """Whether anything stands there.  Raises OSError when the system does not tell."""
    return _mode(path) is not None


def file_there(path: Path) -> bool:
    """Whether a regular file stands there.  Raises OSError when the system does not tell."""
    mode = _mode(path)
    return mode is not None and stat.S_ISREG(mode)


def folder_there(path: Path) -> bool:
    """Whether a folder stands there.  Raises OSError when the system does not tell."""
    mode = _mode(path)
    return mode is not None and stat.S_ISDIR(mode)


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except ValueError:  # no path has a zero byte
        return None
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return None
        raise


def real(path: Path) -> Path:
    """The path with all links followed as far as they lead; links that lead in a circle are left.

    `Path.resolve` raises RuntimeError for these before Python 3.13.
    """
    return Path(os.path.realpath(path))
