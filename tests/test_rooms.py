"""The rooms of the program: imports point one way, and each effect has one home.

`ROOMS` is the design written down: a module may import what stands above it in its own package, and `scraper` may
import `archive`, never the other way.  Modules of one folder belong to one room and may know each other.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

ROOMS = {
    "archive": [
        "errors",
        "state",
        "article",
        "capture",
        "text",
        "document",
        "profiles",
        "dedupe",
        "near",
        "findable",
        "changes",
        "query",
        "warc",
        "files",
        "stored",
        "captures",
        "index",
        "pages",
        "reader",
        "export",
        "web",
        "filing",
        "forgetting",
        "existing",
        "landing",
        "writer",
        "amending",
        "judging",
        "rereading",
        "suspects",
        "archive",
        "upkeep",
    ],
    "scraper": [
        "errors",
        "units",
        "urls",
        "replayed",
        "inlined",
        "charset",
        "literal",
        "script",
        "page",
        "reading",
        "notices",
        "markdown",
        "layouts",
        "extract",
        "decoding",
        "sources",
        "saved",
        "pictures",
        "worker",
        "fetch",
        "config",
        "pipeline",
        "demo",
        "cli",
        "__main__",
    ],
}
"""From the ground up: a room may import the rooms before it."""

HOMES = {
    "network": (
        {"httpx", "httpcore", "socket", "ssl", "urllib.request", "http.client", "http.server"}
        | {"socketserver", "wsgiref.simple_server"},
        {"scraper/fetch", "scraper/demo", "archive/web"},
    ),
    "sql": ({"sqlite3", "sqlite_utils"}, {"archive/index"}),
    "terminal": ({"click", "rich"}, {"scraper/cli"}),
    "settings": ({"yaml"}, {"scraper/config", "archive/document"}),
    "processes": ({"multiprocessing", "subprocess"}, {"scraper/worker", "archive/upkeep"}),
}
"""Effect → (the libraries that have it, the rooms that may)."""


def modules() -> Iterator[tuple[str, Path, ast.Module]]:
    for package in ROOMS:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path, ast.parse(path.read_text("utf-8"))


MODULES = list(modules())


def room_of(module: str) -> str:
    """`archive/index/schema.py` and `archive.index.schema` both stand in `archive/index`."""
    parts = module.removesuffix(".py").replace(".", "/").split("/")
    return "/".join(parts[:2]) if len(parts) > 1 and parts[1] != "__init__" else parts[0]


def imports_of(tree: ast.Module, *, module: str) -> Iterator[str]:
    """Every module that `tree` imports, at its top or inside a function, with relative names made absolute."""
    package = module.removesuffix(".py").removesuffix("/__init__").split("/")
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + module.endswith("__init__.py")]
            start = ".".join([*base, node.module or ""]).strip(".") if node.level else node.module
            assert start
            yield start
            yield from (f"{start}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize(("module", "tree"), [(name, tree) for name, _, tree in MODULES])
def test_a_module_imports_only_rooms_below_its_own(module: str, tree: ast.Module) -> None:
    package, _, room = room_of(module).partition("/")
    if not room:
        return  # a package's own __init__ offers its rooms to the world
    order = ROOMS[package]
    assert room in order, f"{module} stands in no room of the design: add {room!r} to ROOMS"

    for imported in imports_of(tree, module=module):
        there, _, other = room_of(imported).partition("/")
        if there not in ROOMS:
            continue
        assert not (package == "archive" and there == "scraper"), f"{module} imports {imported}"
        if there == package and other in order:
            assert order.index(other) <= order.index(room), f"{module} imports {imported}"


@pytest.mark.parametrize("effect", HOMES)
def test_each_effect_has_one_home(effect: str) -> None:
    libraries, homes = HOMES[effect]

    strays = [
        f"{module} imports {imported}"
        for module, _, tree in MODULES
        for imported in imports_of(tree, module=module)
        if any(imported == library or imported.startswith(library + ".") for library in libraries)
        and room_of(module) not in homes
    ]

    assert strays == []


WRITES = {"write_bytes", "write_text", "mkdir", "unlink", "rename", "replace", "rmdir", "touch"}
CHANGING = {
    *("os.open", "os.write", "os.pwrite", "os.truncate", "os.ftruncate", "os.replace", "os.rename", "os.renames"),
    *("os.unlink", "os.remove", "os.removedirs", "os.rmdir", "os.mkdir", "os.makedirs", "os.link", "os.symlink"),
    *("os.chmod", "os.chown", "shutil.copyfile", "shutil.copy", "shutil.copy2", "shutil.copytree", "shutil.move"),
    "shutil.rmtree",
}  # fmt: skip
WRITERS = {"archive/files", "archive/captures", "archive/index"}
"""Who may change the disk.  The demo and `init` write through `archive.files`."""


def test_only_the_disk_rooms_write_files() -> None:
    strays = [
        f"{module}:{node.lineno} {ast.unparse(node.func)}"
        for module, _, tree in MODULES
        if room_of(module) not in WRITERS
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _writes(node)
    ]

    assert strays == []


OTHER_FILES = {"scraper/config/shipped.py": "installed", "scraper/saved/warc.py": "folder"}
"""Module → what in it is no path of a disk: a resource of the package, a folder in an archive of files."""


def test_what_the_system_will_not_tell_is_never_taken_for_missing() -> None:
    """`Path.exists` and its kin say no of it, from Python 3.14 on; `archive.files.there` does not."""
    strays = [
        f"{module}:{node.lineno} {ast.unparse(node)}"
        for module, _, tree in MODULES
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("exists", "is_file", "is_dir")
        and ast.unparse(node.func.value) not in ("entry", "one", OTHER_FILES.get(module))
    ]

    assert strays == []


def _writes(call: ast.Call) -> bool:
    if call.args and ast.unparse(call.args[0]) == "os.devnull":
        return False
    if isinstance(call.func, ast.Attribute):
        name = ast.unparse(call.func)
        if name in CHANGING:
            return True
        if call.func.attr == "open" and _is_mode_for_writing(call.args[:1], call.keywords):
            return True
        if call.func.attr in WRITES - {"replace"}:
            return True
        # Path.replace takes one argument, str.replace and datetime.replace take others.
        return call.func.attr == "replace" and len(call.args) == 1 and not call.keywords
    if isinstance(call.func, ast.Name) and call.func.id == "open":
        return _is_mode_for_writing(call.args[1:2], call.keywords)
    return False


def _is_mode_for_writing(arguments: list[ast.expr], keywords: list[ast.keyword]) -> bool:
    modes = [*arguments, *(keyword.value for keyword in keywords if keyword.arg == "mode")]
    return any(
        isinstance(mode, ast.Constant) and any(letter in str(mode.value) for letter in "wax+")
        for mode in modes
    )


@pytest.mark.parametrize(("module", "tree"), [(name, tree) for name, _, tree in MODULES])
def test_a_module_opens_by_saying_what_it_is_for(module: str, tree: ast.Module) -> None:
    docstring = ast.get_docstring(tree)

    assert docstring, f"{module} has no docstring"
    assert len(docstring.splitlines()[0]) <= 110


def test_only_the_terminal_prints() -> None:
    strays = [
        f"{module}:{node.lineno}"
        for module, _, tree in MODULES
        if not module.startswith("scraper/cli/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]

    assert strays == []


CALLS = {
    "network": (
        {"open_connection", "open_unix_connection", "create_connection", "create_datagram_endpoint"}
        | {"start_server", "create_server", "getaddrinfo", "gethostbyname", "sock_connect"},
        {"scraper/fetch", "scraper/demo"},
    ),
    "processes": (
        {"subprocess_exec", "subprocess_shell", "create_subprocess_exec", "create_subprocess_shell"}
        | {
            "os.fork",
            "os.forkpty",
            "os.system",
            "os.popen",
            "os.posix_spawn",
            "os.kill",
            "os.killpg",
        },
        {"scraper/worker"},
    ),
}
"""Effect → (what has it without an import that tells, the rooms that may)."""


@pytest.mark.parametrize("effect", CALLS)
def test_no_effect_hides_behind_asyncio_or_os(effect: str) -> None:
    names, homes = CALLS[effect]

    strays = [
        f"{module}:{node.lineno} {ast.unparse(node.func)}"
        for module, _, tree in MODULES
        if room_of(module) not in homes
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and {node.func.attr, ast.unparse(node.func)} & names
    ]

    assert strays == []


OUTSIDE = {
    "sys.stdin": {"scraper/cli"},
    "sys.stdout": {"scraper/cli"},
    "sys.stderr": {"scraper/cli"},
    # The environment is settings; the worker process gets it whole.
    "os.environ": {"scraper/config", "scraper/cli", "scraper/worker"},
}
"""What stands outside of the program → the rooms that may look at it."""


def test_nobody_else_looks_at_the_terminal_or_the_environment() -> None:
    strays = [
        f"{module}:{node.lineno} {name}"
        for module, _, tree in MODULES
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and (name := ast.unparse(node)) in OUTSIDE
        if room_of(module) not in OUTSIDE[name]
    ]

    assert strays == []


IMPURE = {
    "asyncio",
    "os",
    "random",
    "secrets",
    "shutil",
    "sqlite3",
    "subprocess",
    "tempfile",
    "time",
}
"""What a module that calls itself pure does not import; nor does it ask what time it is."""


@pytest.mark.parametrize(
    ("module", "tree"),
    [(name, tree) for name, _, tree in MODULES if "Pure." in (ast.get_docstring(tree) or "")],
)
def test_what_calls_itself_pure_is(module: str, tree: ast.Module) -> None:
    imported = {name.partition(".")[0] for name in imports_of(tree, module=module)} & IMPURE
    clocks = [
        f"{module}:{node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("datetime.now", "datetime.utcnow", "date.today")
    ]

    assert imported == set()
    assert clocks == []


@pytest.mark.parametrize("package", ROOMS)
def test_the_architecture_tells_every_room_in_order(package: str) -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    table = page.partition(f"| `{package}/` |")[2].partition("\n\n")[0]

    told = [
        name.removesuffix("/")
        for row in table.splitlines()[1:]
        for name in re.findall(r"`([a-z]+/?)`", row.split("|")[1])
    ]

    assert told == [room for room in ROOMS[package] if room != "__main__"]
