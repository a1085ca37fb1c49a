"""Settings: what config.yaml, variables and options may say, and what they are told when they may not."""

import pwd
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import pytest

from scraper.config import AddressFile, Config, Loaded, load, shipped, typed
from scraper.config.guarded import Value, read
from scraper.config.shown import shown
from scraper.errors import ConfigError
from scraper.sources.hot import HotList
from scraper.units import seconds, size


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def loaded(
    home: Path, text: str, *, options: dict[str, str] | None = None, **environment: str
) -> Loaded:
    """The settings of a command run in an empty folder beside a config.yaml that holds `text`."""
    file = home.parent / "config.yaml"
    file.write_text(text, "utf-8")
    variables = {"XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home)} | environment
    return load(file=file, options=options, environment=variables, folder=home)


def refusal(home: Path, text: str, **environment: str) -> str:
    with pytest.raises(ConfigError) as caught:
        loaded(home, text, **environment)
    message = str(caught.value)
    assert "\n" not in message
    return message.replace(str(home.parent), "…")


def unresolved(text: str) -> Config:
    reader = typed.Reader(lambda path, _: Path(path))
    config = reader.read(read(text, name="config.yaml"), Config, "")
    assert isinstance(config, Config)
    return config


def test_the_shipped_file_says_exactly_what_the_program_does_without_it() -> None:
    assert unresolved(shipped()) == Config()


@pytest.mark.parametrize("place", [".", "home/qqnews"])
def test_a_config_that_is_a_link_to_nowhere_is_not_passed_over(place: str, home: Path) -> None:
    """A run would keep its articles where nobody looks for them."""
    link = home.parent / place / "config.yaml"
    link.parent.mkdir(exist_ok=True)
    link.symlink_to("not-mounted/config.yaml")
    variables = {"XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home)}

    with pytest.raises(ConfigError, match="cannot be read"):
        load(environment=variables, folder=home.parent)


def test_the_shipped_file_names_every_setting() -> None:
    def names(value: Value, kind: object, key: str) -> set[str]:
        if not isinstance(value.content, dict):
            return {key}
        known = dict(typed.fields_of(kind)) if isinstance(kind, type) else {}
        if not known:
            return {key}
        return {
            name
            for child, item in value.content.items()
            for name in names(item, known[child], f"{key}.{child}" if key else child)
        }

    written = names(read(shipped(), name="config.yaml"), Config, "")

    assert written == {name for name, _ in typed.leaves(Config)}


def test_what_config_show_prints_can_be_written_back(home: Path) -> None:
    """So nobody can be shown a value that the file would not take."""
    for key, value, _ in shown(loaded(home, shipped())):
        if not isinstance(value, dict | list) and value is not None:
            options = {key: str(value).lower() if isinstance(value, bool) else str(value)}
            again = load(options=options, environment={"HOME": str(home)}, folder=home)
            assert {k: v for k, v, _ in shown(again)}[key] == value


def test_a_section_keeps_its_other_defaults(home: Path) -> None:
    config = loaded(home, "archive: {captures: false}").config

    assert config.archive.captures is False
    assert config.archive.duplicates == "link"


def test_options_go_before_variables_before_the_file_before_defaults(home: Path) -> None:
    text = "freshness: 1h"

    assert loaded(home, "").config.freshness == 6 * 3600
    assert loaded(home, text).config.freshness == 3600
    assert loaded(home, text, QQNEWS_FRESHNESS="2h").config.freshness == 7200
    assert (
        loaded(home, text, options={"freshness": "3h"}, QQNEWS_FRESHNESS="2h").config.freshness
        == 10800
    )


def test_every_value_knows_where_it_was_set(home: Path) -> None:
    origins = loaded(
        home, "\n\nfreshness: 1h", options={"run.limit": "3"}, QQNEWS_RUN_MAX_TIME="20m"
    ).origins

    assert origins["freshness"].endswith("config.yaml, line 3")
    assert origins["run.max_time"] == "$QQNEWS_RUN_MAX_TIME"
    assert origins["run.limit"] == "--set run.limit"
    assert "output.profile" not in origins


def test_paths_in_the_file_are_relative_to_the_file_and_others_to_the_shell(home: Path) -> None:
    assert loaded(home, "archive: {path: news}").config.archive.path == home.parent / "news"
    assert loaded(home, "").config.archive.path == home.parent / "data"
    assert loaded(home, "", QQNEWS_ARCHIVE="news").config.archive.path == home / "news"


def test_without_any_file_the_archive_stands_among_the_users_own_data(home: Path) -> None:
    found = load(environment={"XDG_DATA_HOME": str(home)}, folder=home)

    assert found.file is None
    assert found.config.archive.path == home / "qqnews" / "data"


def test_a_user_without_a_home_folder_has_to_name_the_archive(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a container that runs as a number: no $HOME, and no such user."""

    def unknown(number: int) -> None:
        raise KeyError(number)

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)

    assert load(environment={"QQNEWS_ARCHIVE": "news"}, folder=home).config.archive.path == (
        home / "news"
    )
    with pytest.raises(ConfigError, match=r"no home folder .* name a folder with --archive"):
        load(environment={}, folder=home)


@pytest.mark.parametrize("name", ["QQNEWS_ARCHIVE", "QQNEWS_CONFIG"])
def test_the_home_of_nobody_is_no_folder(name: str, home: Path) -> None:
    with pytest.raises(
        ConfigError, match=rf"^\${name}: ~no-such-user/news: there is no such home folder"
    ):
        load(environment={name: "~no-such-user/news"}, folder=home)


def test_a_file_in_the_current_folder_is_found(home: Path) -> None:
    (home / "config.yaml").write_text("freshness: 1d")
    (home / "config.yaml").chmod(0o644)

    assert load(environment={"HOME": str(home)}, folder=home).config.freshness == 86400


def test_a_file_that_others_may_write_is_not_believed_unless_named(home: Path) -> None:
    file = home / "config.yaml"
    file.write_text("freshness: 1d")
    file.chmod(0o666)
    environment = {"XDG_CONFIG_HOME": str(home / "none")}

    with pytest.raises(ConfigError, match=f"others may write to {file} — chmod go-w"):
        load(environment=environment, folder=home)

    named = load(file=Path("config.yaml"), environment=environment, folder=home)
    assert named.config.freshness == 86400


@pytest.mark.parametrize("ours", [True, False])
def test_a_group_with_nobody_else_in_it_may_write(
    ours: bool, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a umask of 002 makes of every file, where each user has a group of the same name."""
    file = home / "config.yaml"
    file.write_text("freshness: 1d")
    file.chmod(0o664)
    group = file.stat().st_gid
    user = SimpleNamespace(pw_name="lin", pw_gid=group)
    members = [] if ours else ["chen"]
    monkeypatch.setattr("pwd.getpwuid", lambda _: user)
    monkeypatch.setattr("grp.getgrgid", lambda _: SimpleNamespace(gr_name="lin", gr_mem=members))

    if ours:
        assert load(environment={}, folder=home).config.freshness == 86400
    else:
        with pytest.raises(ConfigError, match="others may write"):
            load(environment={}, folder=home)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("archve:\n  path: x", "line 1: there is no setting `archve` — did you mean `archive`?"),
        ("recheck:\n  after:\n    most: 1", "line 2: recheck.after: expected a list"),
        ("sources:\n  x:\n    rank: hot", "line 2: sources.x needs a `kind`"),
        ("network:\n  pace:\n    jitter: .inf", "line 3: network.pace.jitter: expected a number"),
        ("network:\n  pace:\n    jitter: .nan", "line 3: network.pace.jitter: expected a number"),
        ("freshnes: 1h", "line 1: there is no setting `freshnes` — did you mean `freshness`?"),
        (
            "archive:\n  pth: x",
            "line 2: there is no setting `archive.pth` — did you mean `path`?",
        ),
        ("run: {zzz: 1}", "known in `run`: limit, max_time, max_bytes"),
        ("freshness: soon", "freshness: expected a duration like 30s, 20m or 1h30m, not 'soon'"),
        ("freshness: 20", "freshness: expected a duration like 30s, 20m or 1h30m, not 20"),
        ("freshness: -1h", "not '-1h'"),
        ("freshness: 999999999999w", "freshness: expected a duration"),
        ("recheck: {after: 6h}", "recheck.after: expected a list, not '6h'"),
        ("recheck: {after: [6h, 1]}", "recheck.after[1]: expected a duration"),
        ("recheck: {after: [0]}", "recheck: after must be longer than nothing"),
        ("recheck: {most: 0}", "`after: []` asks for nothing again"),
        ("run: {max_bytes: lots}", "expected a size like 500KB or 20MB or null, not 'lots'"),
        ("run: {limit: 0}", "run: limit must be at least 1"),
        ("run: {limit: true}", "run.limit: expected a whole number"),
        ("archive: {captures: maybe}", "expected true or false, not 'maybe'"),
        ("archive: {duplicates: drop}", "expected one of link, keep, not 'drop'"),
        ("archive: {path: }", "archive.path: expected a path, not nothing"),
        ("archive: [a]", "archive: expected `key: value` lines, not a list"),
        ("network: {user_agent: 3}", "network.user_agent: expected text, not 3"),
        ("output: {profile: hugo}", "expected one of mainroad, plain, obsidian, not 'hugo'"),
        (
            "sources: {a: {kind: chanel}}",
            "no kind 'chanel' — did you mean `channel`? accepted: channel, hot",
        ),
        (
            "sources: {a: {channel: top}}",
            "sources.a needs a `kind` — one of channel, hot, author, search, tag, sitemap, page, file",
        ),
        ("sources: {a: {kind: page}}", "sources.a needs `url`"),
        (
            "sources: {recheck: {kind: hot}}",
            "sources.recheck: qqnews itself uses the name 'recheck' — call it anything else",
        ),
        (
            "sources: {'': {kind: hot}}",
            "sources: one has no name — reports and the queue call it by that",
        ),
        ("sources: {a: {kind: hot, name: b}}", "there is no setting `sources.a.name`"),
        ("sources: {a: {kind: hot, cuont: 3}}", "did you mean `count`?"),
        ("sources: {a: {kind: hot, count: 0}}", "sources.a: count must be between 1 and 50"),
        ("network: {connect_to: ['a:b']}", "'a:b' is not HOST:PORT:TOHOST:TOPORT"),
        ("network: {hosts: qq.com}", "network.hosts: expected a list, not 'qq.com'"),
        ('network: {user_agent: "a\\r\\nb"}', "control characters are not allowed"),
        ("run: 1\nrun: 2", "line 2: `run` is written twice"),
        ("run:\n  limit: 1\nrun: 2", "`run` is written twice — the first is on line 1"),
        ("a: &x 1\nb: *x", "line 1: anchors (&), aliases (*) and tags (!) are not allowed"),
        ("a: !!python/object:os.system {}", "tags (!) are not allowed"),
        ("a:\n  <<: {b: 1}", "line 2: merge keys (<<) are not allowed"),
        ("[" * 50_000, "nested more than 20 levels deep"),
        ("a: " + "{b: " * 30, "nested more than 20 levels deep"),
        ("# " + "x" * 70_000, "larger than 64 KiB"),
        ("a: [1", "not valid YAML"),
        ("? [a]\n: b", "a key must be a word"),
        ("just text", "the settings: expected `key: value` lines, not 'just text'"),
        ("a: \x00", "not valid YAML"),
    ],
)
def test_a_mistake_is_told_with_place_key_and_what_is_accepted(
    home: Path, text: str, message: str
) -> None:
    said = refusal(home, text)

    assert message in said
    assert "config.yaml" in said


def test_mistyped_variables_and_options_are_told_too(home: Path) -> None:
    assert "did you mean QQNEWS_FRESHNESS?" in refusal(home, "", QQNEWS_FRESHNES="1h")
    with pytest.raises(ConfigError, match="did you mean `freshness`"):
        loaded(home, "", options={"freshnes": "1h"})
    with pytest.raises(ConfigError, match=r"\$QQNEWS_FRESHNESS: freshness: expected a duration"):
        loaded(home, "", QQNEWS_FRESHNESS="soon")


def test_a_named_file_must_be_readable(home: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load(file=home / "none.yaml", environment={}, folder=home)
    (home / "latin.yaml").write_bytes(b"a: \xff")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load(file=home / "latin.yaml", environment={}, folder=home)


def test_text_in_a_variable_stays_text(home: Path) -> None:
    """`QQNEWS_NETWORK_USER_AGENT=3` cannot be quoted as YAML would want it."""
    assert loaded(home, "", QQNEWS_NETWORK_USER_AGENT="3").config.network.user_agent == "3"


def test_a_list_in_a_variable_or_option_is_written_with_commas(home: Path) -> None:
    options = {"network.connect_to": "::localhost:1, a:80:b:90"}
    network = loaded(home, "", options=options, QQNEWS_NETWORK_HOSTS="qq.com").config.network

    assert network.connect_to == ("::localhost:1", "a:80:b:90")
    assert network.hosts == ("qq.com",)


def test_every_profile_there_is_can_be_set() -> None:
    from archive.profiles import PROFILES

    hint = dict(typed.leaves(Config))["output.profile"]
    assert set(get_args(hint)) == set(PROFILES)


def test_sources_are_read_by_their_kind_and_named_by_their_key(home: Path) -> None:
    sources = loaded(
        home, "sources: {hot: {kind: hot, count: 9}, mine: {kind: file, path: list.txt}}"
    ).config.sources

    assert sources["hot"] == HotList(name="hot", count=9)
    assert sources["mine"] == AddressFile(name="mine", path=home.parent / "list.txt")


@pytest.mark.parametrize(
    "text", ["", "h", "1", "1 hour", "1h30", "-1s", "1e3s", "٣s", "1h " * 9 + "x"]
)
def test_a_wrong_duration_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        seconds(text)


@pytest.mark.parametrize("text", ["", "MB", "-1", "1.2.3MB", "1XB", "1e9"])
def test_a_wrong_size_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="is not a size"):
        size(text)
