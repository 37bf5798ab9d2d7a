"""Setting a panel up: what is wrong with what was typed, and that nothing is lost or half written."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

import smmtui.config
from smmtui.config import Paths, choose
from smmtui.errors import ConfigError
from smmtui.key_stores import keyring_works
from smmtui.new_panel import Keep, NewPanel, proposed_name, save
from smmtui.secret import Secret
from tests.keyrings import FakeKeyring

KEY = "sk-0123456789abcdefghij"
PANEL = NewPanel("https://panel.example/api/v2", "main", Secret(KEY))
BEFORE = '# mine\r\n[profiles.old]\r\nurl = "https://old.example/api"\r\nkey = "an-older-key"'


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """Folders of its own; the configuration does not exist yet."""
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return Paths(tmp_path / "new" / "config.toml", tmp_path / "data", tmp_path / "state", tmp_path / "cache")


def everything(folder: Path) -> dict[str, bytes]:
    """Every file in a folder with its bytes."""
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def mode(path: Path) -> int:
    """The permissions of a file or folder."""
    return stat.S_IMODE(path.stat().st_mode)


# ── what is typed ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://roicmedya.com/api/v2", "roicmedya"),
        ("https://www.roicmedya.com/api/v2", "roicmedya"),
        ("https://api.smm-panel.co.uk/v2", "smm-panel"),
        ("https://Panel.EXAMPLE", "panel"),
        ("http://127.0.0.1:8000/api", "127-0-0-1"),
        ("http://[::1]/api", "1"),
        ("http://localhost/api", "localhost"),
        ("https://панель.рф/api", ""),
        ("https://[", ""),
        ("roicmedya.com", ""),
        ("", ""),
    ],
)
def test_a_name_is_proposed_from_the_host(url: str, name: str) -> None:
    """The part that a reader would call it by, in letters that a profile's name may have."""
    assert proposed_name(url, ()) == name
    assert not name or not replace(PANEL, name=name).problems(())


def test_a_proposed_name_is_not_taken() -> None:
    """A second panel on one host gets a number."""
    assert proposed_name("https://panel.example", {"panel", "panel-2"}) == "panel-3"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("url", "", "missing"),
        ("url", "panel.example", "it looks like https://"),
        ("url", "http://panel.example/api", "unencrypted"),
        ("url", "https://me:secret@panel.example", "user name or password"),
        ("url", f"https://panel.example/api?k={KEY}", "holds the key"),
        ("url", "https://panel.example/api?key=x", "holds the key"),
        ("url", "https://[", "not an address"),
        ("name", "", "1 to 64 letters"),
        ("name", "my panel", "1 to 64 letters"),
        ("name", "x" * 65, "1 to 64 letters"),
        ("name", "taken", "already"),
        ("key", Secret(""), "missing"),
        ("key", Secret("sk-\u200bhidden"), "cannot be seen"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(field: str, value: str | Secret, words: str) -> None:
    """In words, without the key, and nothing is said of the other fields."""
    problems = replace(PANEL, **{field: value}).problems({"taken"})
    assert list(problems) == [field]
    assert words in problems[field]
    assert KEY not in problems[field]


def test_a_sound_panel_has_no_problem_and_its_key_shows_nowhere() -> None:
    """Also by http where the user allows it or the machine is this one."""
    assert PANEL.problems(()) == {}
    assert replace(PANEL, url="http://panel.example", allow_http=True).problems(()) == {}
    assert replace(PANEL, url="http://127.0.0.1:1/api").problems(()) == {}
    assert KEY not in repr(PANEL)


# ── saving ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("keep", ["file", "config", "keyring"])
@pytest.mark.parametrize("before", ["", BEFORE])
def test_what_was_saved_opens_the_panel(paths: Paths, monkeypatch: pytest.MonkeyPatch, keep: Keep, before: str) -> None:
    """The next start finds the key where it was put; what stood in the configuration stands there byte by byte."""
    keyring = FakeKeyring.install(monkeypatch)
    if before:
        paths.config.parent.mkdir()
        paths.config.write_bytes(before.encode())
    start = save(replace(PANEL, keep=keep), paths)
    found = choose(paths, "main", {})
    assert (replace(found.profile, key_source=start.profile.key_source), found.key) == (start.profile, Secret(KEY))
    assert (found.profile.url, start.key) == (PANEL.url, Secret(KEY))
    assert paths.config.read_bytes().startswith(before.encode())
    holding = [path for path, content in everything(paths.config.parent).items() if KEY.encode() in content]
    assert holding == {"file": ["main.key"], "config": ["config.toml"], "keyring": []}[keep]
    assert list(keyring.stored.values()) == ([KEY] if keep == "keyring" else [])
    assert {mode(path) for path in paths.config.parent.iterdir()} == {0o600}
    if not before:
        assert mode(paths.config.parent) == 0o700
        alone = choose(paths, None, {}).profile
        assert replace(alone, key_source=start.profile.key_source) == start.profile


def test_a_key_that_is_not_kept_is_asked_for_at_the_next_start(paths: Paths) -> None:
    """Nothing holds it, and what is typed then is taken."""
    start = save(replace(PANEL, keep="typed"), paths)
    assert start.key == Secret(KEY)
    assert not any(KEY.encode() in content for content in everything(paths.config.parent).values())
    with pytest.raises(ConfigError, match="key is missing"):
        choose(paths, None, {})
    assert choose(paths, None, {}, lambda name: f"typed for {name}").key == Secret("typed for main")


def test_unencrypted_is_written_down_only_where_it_is_needed(paths: Paths) -> None:
    """A switch that was left on does no harm to an address by https."""
    assert not save(replace(PANEL, allow_http=True), paths).profile.allow_http
    unencrypted = replace(PANEL, name="other", url="http://other.example", allow_http=True)
    assert save(unencrypted, paths).profile.allow_http
    assert choose(paths, "other", {}).profile.allow_http


def test_a_key_file_that_is_there_is_never_replaced(paths: Paths) -> None:
    """It may hold the only copy of another key: the name is refused, and nothing changes."""
    paths.config.parent.mkdir()
    (paths.config.parent / "main.key").write_text("precious")
    with pytest.raises(ConfigError, match=r"main\.key exists already.*Choose another name"):
        save(PANEL, paths)
    assert everything(paths.config.parent) == {"main.key": b"precious"}


def test_a_key_in_the_keyring_is_never_replaced(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for a key that the keyring has under this name."""
    keyring = FakeKeyring.install(monkeypatch)
    keyring.stored["smmtui", "main"] = "precious"
    with pytest.raises(ConfigError, match="holds a key for smmtui under the name main already"):
        save(replace(PANEL, keep="keyring"), paths)
    assert list(keyring.stored.values()) == ["precious"]
    assert not paths.config.exists()


def test_a_locked_keyring_says_so_without_the_key(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a backend fails with, and whatever it says, it is a sentence of ours."""
    keyring = FakeKeyring.install(monkeypatch)
    keyring.locked = True
    keyring.stored["other", "service"] = KEY
    with pytest.raises(ConfigError, match="Nothing was saved") as caught:
        save(replace(PANEL, keep="keyring"), paths)
    assert KEY not in str(caught.value)
    assert not paths.config.exists()


@pytest.mark.parametrize("keep", ["file", "keyring"])
@pytest.mark.parametrize("trouble", ["malformed", "taken", "full"])
def test_a_profile_that_cannot_be_written_takes_its_key_back(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, keep: Keep, trouble: str
) -> None:
    """There is no half of it: everything is as it was, and the reason is said."""
    keyring = FakeKeyring.install(monkeypatch)
    paths.config.parent.mkdir()
    paths.config.write_text({"malformed": "[profiles", "taken": "[profiles.main]\n", "full": BEFORE}[trouble])
    before = everything(paths.config.parent)
    if trouble == "full":

        def full(path: Path, data: bytes) -> None:
            raise OSError(28, os.strerror(28))

        monkeypatch.setattr(smmtui.config, "write_whole", full)
    with pytest.raises(
        ConfigError, match={"malformed": "not valid TOML", "taken": "already", "full": "No space"}[trouble]
    ):
        save(replace(PANEL, keep=keep), paths)
    assert everything(paths.config.parent) == before
    assert keyring.stored == {}


def test_a_key_that_cannot_be_taken_back_is_named(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the second half fails and the first cannot be undone, the user hears where the key is left."""
    paths.config.parent.mkdir()
    paths.config.write_text("[profiles")

    def stuck(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr(Path, "unlink", stuck)
    with pytest.raises(ConfigError, match=r"not valid TOML.*left in .*main\.key: remove that file"):
        save(PANEL, paths)


@pytest.mark.skipif(os.getuid() == 0, reason="nothing is closed to root")
def test_a_folder_that_is_closed_is_named(paths: Paths) -> None:
    """No traceback: the path and the reason."""
    paths.config.parent.mkdir(mode=0o500)
    with pytest.raises(ConfigError, match=r"main\.key cannot be written.*Nothing was saved"):
        save(PANEL, paths)


def test_a_file_in_place_of_the_folder_is_named(paths: Paths) -> None:
    """As where the configuration's folder is a file."""
    paths.config.parent.write_text("")
    with pytest.raises(ConfigError, match=r"main\.key cannot be written"):
        save(PANEL, paths)
    with pytest.raises(ConfigError, match=r"config\.toml cannot be written"):
        save(replace(PANEL, keep="typed"), paths)


@pytest.mark.parametrize(("priority", "works"), [(5, True), (0, False), (-1, False)])
def test_a_keyring_is_offered_where_it_works(monkeypatch: pytest.MonkeyPatch, priority: float, works: bool) -> None:
    """The package alone is not enough: its backend says by its priority whether it keeps anything."""
    FakeKeyring.install(monkeypatch, priority)
    assert keyring_works() == works


def test_no_keyring_is_offered_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is optional."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert not keyring_works()
