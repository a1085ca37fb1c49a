"""A disk that can lose power at any system call: what a program did to it, replayed, and what may be left of that.

    Disk      files and folders as the program sees them, and as they are certain to be after a power cut
    calls     the system calls of a traced program that touched a folder
    MODELS    four ways to lose power

A file's bytes are certain once it was fsynced, its name once its folder was.  The models: `killed` (everything that
was done is there: kill -9), `strict` (only what is certain), `names-ahead` (names are there before their bytes, as some
filesystems do), `torn` (as killed, but of the last write only a half arrived).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

MODELS = ("killed", "strict", "names-ahead", "torn")
TRACED = (
    "openat,write,pwrite64,rename,renameat,renameat2,unlink,unlinkat,ftruncate,fsync,fdatasync,close,"
    "mkdir,mkdirat,rmdir,link,linkat"
)


@dataclass(slots=True, eq=False)
class Node:
    """A file or folder, whatever its names.  certain: its bytes after a power cut."""

    folder: bool = False
    data: bytes = b""
    certain: bytes = b""


@dataclass(slots=True)
class Call:
    """One system call.  path: its file; target: where a rename or link leads; data: what was written."""

    name: str
    path: str
    target: str = ""
    data: bytes = b""
    offset: int = -1
    flags: str = ""


@dataclass(slots=True)
class Disk:
    """Everything below one folder, by path from it."""

    names: dict[str, Node] = field(default_factory=dict)
    certain: dict[str, Node] = field(default_factory=dict)
    last: tuple[Node, bytes] | None = None

    @classmethod
    def of(cls, root: Path) -> "Disk":
        """What stands there now, all of it certain."""
        disk = cls()
        for path in sorted(root.rglob("*")):
            content = b"" if path.is_dir() else path.read_bytes()
            node = Node(folder=path.is_dir(), data=content, certain=content)
            disk.names[path.relative_to(root).as_posix()] = node
        disk.certain = dict(disk.names)
        return disk

    def apply(self, call: Call) -> None:
        """Does what the call did."""
        node = self.names.get(call.path)
        self.last = None
        if call.name == "open":
            if node is None and "O_CREAT" in call.flags:
                self.names[call.path] = Node()
            elif node is not None and "O_TRUNC" in call.flags:
                node.data = b""
        elif call.name == "mkdir":
            self.names[call.path] = Node(folder=True)
        elif call.name == "write" and node is not None:
            before = node.data
            start = len(before) if call.offset < 0 else call.offset
            padded = before.ljust(start, b"\0")
            node.data = padded[:start] + call.data + padded[start + len(call.data) :]
            half = call.data[: len(call.data) // 2]
            self.last = (node, padded[:start] + half + padded[start + len(half) :])
        elif call.name == "truncate" and node is not None:
            node.data = node.data[: call.offset].ljust(call.offset, b"\0")
        elif call.name == "rename" and node is not None:
            moved = {name for name in self.names if name.startswith(call.path + "/")}
            for name in (call.path, *moved):
                self.names[call.target + name.removeprefix(call.path)] = self.names.pop(name)
        elif call.name == "link" and node is not None:
            self.names[call.target] = node
        elif call.name == "unlink":
            self.names.pop(call.path, None)
        elif call.name == "sync":
            self._sync(call.path)

    def _sync(self, path: str) -> None:
        node = self.names.get(path)
        if node is not None and not node.folder:
            node.certain = node.data
            return
        known = set(map(id, self.certain.values()))
        for gone in [n for n in self.certain if _folder(n) == path and n not in self.names]:
            for name in [n for n in self.certain if n == gone or n.startswith(gone + "/")]:
                del self.certain[name]
        for name, entry in list(self.names.items()):
            if _folder(name) != path:
                continue
            moved = entry.folder and self.certain.get(name) is not entry
            self.certain[name] = entry
            for child, node in self.names.items() if moved else ():
                # What was certain in a folder is certain in it wherever the folder goes.
                if child.startswith(name + "/") and id(node) in known:
                    self.certain[child] = node

    def state(self, model: str) -> dict[str, bytes | None]:
        """Path → bytes, or None for a folder, as a power cut now may leave it."""
        names = self.certain if model == "strict" else self.names
        left: dict[str, bytes | None] = {}
        for name, node in names.items():
            if name.endswith("-shm") or not _reached(name, names):
                continue
            if node.folder:
                left[name] = None
            elif model == "torn" and self.last and self.last[0] is node:
                left[name] = self.last[1]
            else:
                left[name] = node.data if model in ("killed", "torn") else node.certain
        return left


def _reached(name: str, names: dict[str, Node]) -> bool:
    """Whether every folder above a name is there."""
    folder = _folder(name)
    while folder:
        if folder not in names:
            return False
        folder = _folder(folder)
    return True


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def lay_out(state: dict[str, bytes | None], root: Path) -> None:
    """Puts a state on a real disk."""
    root.mkdir(parents=True)
    for name in sorted(state):
        content = state[name]
        if content is None:
            (root / name).mkdir(parents=True, exist_ok=True)
        else:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)


_HALF = re.compile(r"(\d+) +(\w+\(.*) <unfinished \.\.\.>$", re.DOTALL)
_REST = re.compile(r"(\d+) +<\.\.\. \w+ resumed>(.*)$", re.DOTALL)
_LINE = re.compile(r"(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)(?: .*)?$", re.DOTALL)
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


def _whole(lines: list[str]) -> Iterator[str]:
    """The lines of a trace, calls that other threads interrupted put together where they ended.

    Of a file that is closed the number is free from the beginning: another thread may have it before that ends.
    """
    begun: dict[str, str] = {}
    for line in lines:
        if half := _HALF.match(line):
            if half[2].startswith("close("):
                yield f"{half[2]}) = 0"
            else:
                begun[half[1]] = half[2]
        elif rest := _REST.match(line):
            yield begun.pop(rest[1], "") + rest[2]
        else:
            yield line


def calls(trace: Path, root: Path) -> Iterator[Call | str]:
    """The calls that touched the folder, in order; and what the program printed, as text."""
    base = str(root) + "/"
    files: dict[int, tuple[str, int]] = {}  # descriptor → (path, place; -1 to append)

    def inside(path: str) -> str | None:
        if path + "/" == base:
            return ""
        return path.removeprefix(base) if path.startswith(base) else None

    for line in _whole(trace.read_text("ascii").splitlines()):
        found = _LINE.match(line)
        if not found or int(found[3]) < 0:
            continue
        name, arguments, result = found[1], found[2], int(found[3])
        texts = [bytes.fromhex(t.replace("\\x", "")) for t in _TEXT.findall(arguments)]
        if name in ("write", "pwrite64", "ftruncate", "fsync", "fdatasync", "close"):
            descriptor = int(arguments.split(",")[0])
            if name == "write" and descriptor == 1:
                yield texts[0].decode()
            if descriptor not in files:
                continue
            path, place = files[descriptor]
            if name == "write":
                yield Call("write", path, data=texts[0][:result], offset=place)
                if place >= 0:
                    files[descriptor] = (path, place + result)
            elif name == "pwrite64":
                offset = int(arguments.rsplit(",", 1)[1])
                yield Call("write", path, data=texts[0][:result], offset=offset)
            elif name == "ftruncate":
                yield Call("truncate", path, offset=int(arguments.rsplit(",", 1)[1]))
            elif name == "close":
                del files[descriptor]
            else:
                yield Call("sync", path)
            continue
        paths = [inside(text.decode()) for text in texts]
        if name == "openat":
            files.pop(result, None)
            if paths[0] is not None:
                files[result] = (paths[0], -1 if "O_APPEND" in arguments else 0)
                yield Call("open", paths[0], flags=arguments)
        elif paths and paths[0] is not None:
            kind = {"mkdirat": "mkdir", "linkat": "link", "unlinkat": "unlink", "rmdir": "unlink"}
            kind |= {"renameat": "rename", "renameat2": "rename"}
            target = paths[1] if len(paths) > 1 and paths[1] is not None else ""
            yield Call(kind.get(name, name), paths[0], target=target)
