"""Find the settings, lay them over each other, and say where each came from.

Options go before `QQNEWS_*` variables, those before `config.yaml`, that before the defaults.  What is written for a
section (`network`) is laid over it key by key; what is written for a key replaces it whole, lists and maps too.

The file is the first there is of: `--config`, `$QQNEWS_CONFIG`, `./config.yaml`, `~/.config/qqnews/config.yaml`.
One in the current folder is only taken when it belongs to us (or root) and nobody else can write it: `cd` into a
stranger's folder must not hand the stranger our settings.  Nor is it passed over: a run would keep its articles where
nobody looks for them.
"""

import grp
import os
import pwd
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, is_dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from archive.files import file_there, folder_there, there
from scraper.config import guarded, typed
from scraper.config.guarded import Value
from scraper.config.settings import Config
from scraper.errors import ConfigError

RESERVED: Final = {"QQNEWS_CONFIG", "QQNEWS_DEBUG"}
"""Variables of ours that name no setting."""

SHORT: Final = {"QQNEWS_ARCHIVE": "archive.path"}
"""Variables with a shorter name than their setting's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Settings, and how they came about.

    file: the config.yaml that was read, None when there was none.
    origins: dotted name → where it was set (`config.yaml, line 3`, `$QQNEWS_NETWORK_PROXY`); absent for defaults.
    """

    config: Config
    file: Path | None
    origins: Mapping[str, str] = field(default_factory=dict)


def load(
    *,
    file: Path | None = None,
    options: Mapping[str, str] | None = None,
    spelled: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Loaded:
    """The settings for one command.

    file: what `--config` named.  options: dotted name → text, as `--set` and `--archive` give them.  spelled: dotted
    name → the option that gave it, where that was not `--set`.  environment and folder: `os.environ` and the current
    folder unless given.  Raises ConfigError, naming place, key and what is accepted.
    """
    environment = os.environ if environment is None else environment
    folder = _here() if folder is None else folder
    found = find(file, environment, folder)
    given = dict(_given(options or {}, spelled or {}, environment))

    home = found.parent if found else data_home(environment)
    places = {value.place for value in given.values()}

    def resolve(text: str, value: Value) -> Path:
        base = folder if value.place in places else home
        return (base or folder) / _spelled_out(text, value.place)

    layers: list[Value] = []
    if found is not None:
        layers.append(read_file(found))
    layers.extend(_nested(key, value) for key, value in given.items())
    merged = Value({}, 1, str(found or ""))
    origins: dict[str, str] = {}
    for layer in layers:
        merged = _laid_over(merged, layer, Config, "", origins)

    config = typed.Reader(resolve).read(merged, Config, "")
    if home is None and not config.archive.path.is_absolute():
        raise ConfigError(
            "there is no home folder for the archive to stand in",
            hint="name a folder with --archive, or set $HOME",
        )
    return Loaded(config=_at_home(config, home or folder), file=found, origins=origins)


def _here() -> Path:
    """The current folder.  Raises ConfigError when somebody took it away."""
    try:
        return Path.cwd()
    except OSError as error:
        raise ConfigError(
            f"the current folder cannot be told: {error.strerror}", hint="`cd` to one that is there"
        ) from error


def read_file(path: Path) -> Value:
    """The values of a config.yaml.  Raises ConfigError when it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(guarded.LARGEST + 1)
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read: {error.strerror or error}",
            hint="name a file with --config, or write one with `qqnews init`",
        ) from error
    try:
        return guarded.read(content.decode("utf-8-sig"), name=str(path))
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 text", hint="save it as UTF-8") from error


def find(file: Path | None, environment: Mapping[str, str], folder: Path) -> Path | None:
    """The config.yaml to read, None when there is none.  A file that was named must exist; the others may not.

    Raises ConfigError when the one in the current folder is not ours to believe.
    """
    named = file or (
        Path(environment["QQNEWS_CONFIG"]) if environment.get("QQNEWS_CONFIG") else None
    )
    if named is not None:
        place = "--config" if file else "$QQNEWS_CONFIG"
        path = (folder / _spelled_out(str(named), place)).absolute()
        return path / "config.yaml" if folder_there(path) else path
    here = folder.absolute() / "config.yaml"
    if file_there(here):
        _believe(here)
    if _lies(here):
        return here
    home = config_home(environment)
    return home / "config.yaml" if home and _lies(home / "config.yaml") else None


def _lies(path: Path) -> bool:
    """Whether a file lies there, or a link to one: where that leads nowhere now, the file is meant all the same."""
    return file_there(path) or (path.is_symlink() and not there(path))


def _believe(path: Path) -> None:
    """Raise ConfigError when a file that merely lies here is not ours to believe."""
    about = path.stat()
    if about.st_uid not in (os.geteuid(), 0):
        raise ConfigError(
            f"{path} belongs to another user", hint="name it with --config if you trust it"
        )
    others = stat.S_IWOTH if _alone(about.st_gid) else stat.S_IWOTH | stat.S_IWGRP
    if about.st_mode & others:
        raise ConfigError(
            f"others may write to {path}",
            hint=f"chmod go-w {path}, or name it with --config if you trust it",
        )


def _alone(group: int) -> bool:
    """Whether a group is this user's own, with nobody else in it, as most Linux systems give everybody one.

    There the usual umask is 002, and every file that is written may be written by that group.
    """
    try:
        user, known = pwd.getpwuid(os.geteuid()), grp.getgrgid(group)
    except KeyError:
        return False
    own = (user.pw_gid, user.pw_name) == (group, known.gr_name)
    return own and set(known.gr_mem) <= {user.pw_name}


def _spelled_out(text: str, place: str) -> Path:
    """A path with `~` replaced.  Raises ConfigError where there is no such home folder."""
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise ConfigError(
            f"{place}: {text}: there is no such home folder", hint="write the whole path"
        ) from error


def config_home(environment: Mapping[str, str]) -> Path | None:
    """`$XDG_CONFIG_HOME/qqnews`; None for a user without a home folder, as in many a container."""
    return _xdg(environment, "XDG_CONFIG_HOME", ".config")


def data_home(environment: Mapping[str, str]) -> Path | None:
    """`$XDG_DATA_HOME/qqnews`: where relative paths lead when there is no config.yaml; None as in `config_home`."""
    return _xdg(environment, "XDG_DATA_HOME", ".local/share")


def _xdg(environment: Mapping[str, str], name: str, default: str) -> Path | None:
    written = environment.get(name, "")
    if written.startswith("/"):  # the specification: a relative path here is to be ignored
        return Path(written) / "qqnews"
    with suppress(RuntimeError):
        return Path.home() / default / "qqnews"
    return None


def _given(
    options: Mapping[str, str], spelled: Mapping[str, str], environment: Mapping[str, str]
) -> Iterator[tuple[str, Value]]:
    """What environment and options set, the stronger last."""
    names = [name for name, _ in typed.leaves(Config)]
    variables = SHORT | {f"QQNEWS_{name.upper().replace('.', '_')}": name for name in names}
    for variable, text in sorted(environment.items()):
        if not variable.startswith("QQNEWS_") or variable in RESERVED:
            continue
        if variable not in variables:
            near = get_close_matches(variable, variables, n=1)
            raise ConfigError(
                f"${variable}: there is no such setting",
                hint=f"did you mean {near[0]}?" if near else "see `qqnews config show`",
            )
        yield variables[variable], guarded.scalar(text, name=f"${variable}")
    for name, text in options.items():
        if name not in names:
            near = get_close_matches(name, names, n=1, cutoff=0.5)
            raise ConfigError(
                f"--set {name}: there is no such setting",
                hint=f"did you mean `{near[0]}`?" if near else "see `qqnews config show`",
            )
        yield name, guarded.scalar(text, name=spelled.get(name, f"--set {name}"))


def _nested(key: str, value: Value) -> Value:
    """`network.proxy` as the mapping in which it would stand."""
    for name in reversed(key.split(".")):
        value = Value({name: value}, value.line, value.place)
    return value


def _laid_over(below: Value, above: Value, kind: Any, key: str, origins: dict[str, str]) -> Value:
    """One layer over another; sections merge, everything else is replaced.  Notes the origin of what it takes."""
    if not is_dataclass(kind) or not isinstance(above.content, Mapping):
        origins[key] = above.place
        return above
    known = dict(typed.fields_of(kind)) if isinstance(kind, type) else {}
    content = dict(below.content) if isinstance(below.content, Mapping) else {}
    for name, value in above.content.items():
        dotted = f"{key}.{name}" if key else name
        content[name] = _laid_over(
            content.get(name, Value({}, value.line, value.place)),
            value,
            known.get(name),
            dotted,
            origins,
        )
    return Value(content, above.line, above.place)


def _at_home(section: Any, home: Path) -> Any:
    """The settings with every path that is still relative (a default) made absolute."""
    changes: dict[str, Any] = {}
    for one in fields(section):
        value = getattr(section, one.name)
        if isinstance(value, Path) and not value.is_absolute():
            changes[one.name] = home / value
        elif is_dataclass(value):
            changes[one.name] = _at_home(value, home)
    return replace(section, **changes)
