"""The profiles of the configuration as a list, and what opens one while the app runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from smmtui.config import Paths, choose
from smmtui.errors import ConfigError
from smmtui.profiles import ListedProfile, Profiles, read_profiles, stored_start, typed_start
from smmtui.secret import Secret
from tests.closed import close
from tests.keyrings import FakeKeyring

KEY = "sk-0123456789abcdefghij"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """Folders of its own; the configuration does not exist yet."""
    return Paths(tmp_path / "config.toml", tmp_path / "data", tmp_path / "state", tmp_path / "cache")


def configure(paths: Paths, **profiles: str) -> None:
    """Write profiles, each of its settings' lines."""
    paths.config.write_text("\n".join(f"[profiles.{name}]\n{lines}" for name, lines in profiles.items()))
    paths.config.chmod(0o600)


def on(host: str, *lines: str) -> str:
    """The settings of a profile on this host."""
    return "\n".join([f'url = "https://{host}/api"', f'account = "{host.partition(".")[0]}"', *lines, ""])


def test_every_profile_is_listed_and_a_malformed_one_with_its_problem(paths: Paths) -> None:
    """One mistake does not hide the others; no key is looked for."""
    configure(paths, good=on("a.example"), bad="url = 5\n", slip=on("c.example", 'kay = "x"'), other=on("d.example"))
    listed = read_profiles(paths).listed
    assert [each.name for each in listed] == ["good", "bad", "slip", "other"]
    assert listed[0] == ListedProfile("good", "a.example", "a", address="a.example/api")
    assert [bool(each.problem) for each in listed] == [False, True, True, False]
    assert "config.toml, line 6" in listed[1].problem
    assert "Did you mean key?" in listed[2].problem


def test_without_a_file_there_are_none_and_a_broken_one_is_refused(paths: Paths) -> None:
    """As for a start by the environment alone."""
    assert read_profiles(paths) == Profiles()
    paths.config.write_text("[profiles")
    with pytest.raises(ConfigError, match="not valid TOML"):
        read_profiles(paths)
    paths.config.write_text('default_profile = "x"\nprofiles = 5\n')
    assert read_profiles(paths) == Profiles((), default=True)


def test_every_source_of_a_key_opens_a_profile(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command, the keyring, a file, the configuration: whatever the profile names."""
    FakeKeyring.install(monkeypatch).stored["smmtui", "ring"] = KEY
    kept = paths.config.parent / "kept"
    kept.write_text(f"{KEY}\n")
    kept.chmod(0o600)
    configure(
        paths,
        command=on("a.example", f'key_command = ["cat", "{kept}"]'),
        ring=on("b.example", "keyring = true"),
        file=on("c.example", 'key_file = "kept"'),
        config=on("d.example", f'key = "{KEY}"'),
    )
    for name in ("command", "ring", "file", "config"):
        start = stored_start(paths, name)
        assert start is not None
        assert (start.profile.name, start.key) == (name, Secret(KEY))


def test_a_keyring_that_fails_is_a_sentence_without_the_key(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever its backend raises and says."""
    keyring = FakeKeyring.install(monkeypatch)
    keyring.locked = True
    keyring.stored["smmtui", "ring"] = KEY
    configure(paths, ring=on("b.example", "keyring = true"))
    with pytest.raises(ConfigError, match="unlock it") as caught:
        stored_start(paths, "ring")
    assert KEY not in str(caught.value)


def test_a_profile_without_a_key_is_opened_by_a_typed_one(paths: Paths) -> None:
    """Nothing holds it, which is no mistake; what is typed goes to this profile."""
    configure(paths, typed=on("a.example"))
    assert stored_start(paths, "typed") is None
    start = typed_start(paths, "typed", KEY)
    assert (start.profile.name, start.key) == ("typed", Secret(KEY))


def test_a_key_that_was_typed_goes_to_no_other_address(paths: Paths) -> None:
    """It opens the profile again in this run, with its settings as they are now, unless its address is another."""
    configure(paths, typed=on("a.example"))
    opened = typed_start(paths, "typed", KEY)
    configure(paths, typed=on("a.example", "refresh_seconds = 77"))
    again = stored_start(paths, "typed", opened)
    assert again == replace(opened, profile=replace(opened.profile, refresh_seconds=77))
    configure(paths, typed=on("b.example"))
    assert stored_start(paths, "typed", opened) is None


def test_a_key_of_the_environment_goes_before_the_configured_one_for_the_whole_run(paths: Paths) -> None:
    """Whoever comes back to the panel pays from the same account, with the settings as they are now."""
    other = on("b.example", 'key = "another-key-0123"')
    configure(paths, main=on("a.example", 'key = "configured-key-0123"'), other=other)
    opened = choose(paths, "main", {"SMMTUI_API_KEY": KEY})
    configure(paths, main=on("a.example", 'key = "configured-key-0123"', "refresh_seconds = 77"), other=other)
    again = stored_start(paths, "main", opened)
    assert again == replace(opened, profile=replace(opened.profile, refresh_seconds=77))
    assert stored_start(paths, "main", again) == again
    elsewhere = stored_start(paths, "other", opened)
    assert elsewhere is not None and elsewhere.key == Secret("another-key-0123")


def test_a_key_that_was_typed_gives_way_to_one_that_is_configured_since(paths: Paths) -> None:
    """It stood in for a source that was not there."""
    configure(paths, typed=on("a.example"))
    opened = typed_start(paths, "typed", KEY)
    configure(paths, typed=on("a.example", 'key = "configured-key-0123"'))
    again = stored_start(paths, "typed", opened)
    assert again is not None and again.key == Secret("configured-key-0123")


def test_a_folder_that_cannot_be_searched_is_no_missing_file(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told as a mistake, for the list, for a start by the environment, and for one by the file."""
    close(paths.config, monkeypatch)
    environ = {"SMMTUI_API_URL": "https://a.example/api", "SMMTUI_API_KEY": KEY}
    for ask in (
        lambda: read_profiles(paths),
        lambda: choose(paths, None, dict(environ)),
        lambda: choose(paths, None, {}),
    ):
        with pytest.raises(ConfigError, match=r"config\.toml cannot be read: Permission denied"):
            ask()


def test_what_is_wrong_is_no_missing_key(paths: Paths) -> None:
    """A command that fails and a profile that is gone are said, not asked for."""
    configure(paths, main=on("a.example", 'key_command = ["false"]'))
    with pytest.raises(ConfigError, match="ended with code 1"):
        stored_start(paths, "main")
    with pytest.raises(ConfigError, match="no profile “gone”"):
        stored_start(paths, "gone")


def test_a_key_in_the_environment_goes_before_all_others(paths: Paths) -> None:
    """At a start it opens the profile whatever that names."""
    configure(paths, main=on("a.example", 'key_command = ["false"]'))
    assert choose(paths, "main", {"SMMTUI_API_KEY": KEY}).key == Secret(KEY)


def test_a_host_is_listed_with_its_port_and_an_address_with_its_path(paths: Paths) -> None:
    """They tell panels of one host apart."""
    configure(paths, one='url = "https://A.example:8443/api/v2"\naccount = "one"\n')
    (listed,) = read_profiles(paths).listed
    assert (listed.host, listed.address) == ("a.example:8443", "a.example:8443/api/v2")


def test_where_a_key_was_found_is_known_and_the_key_is_not_said(paths: Paths) -> None:
    """The file that holds it, or the setting; nothing of a key that was typed."""
    kept = paths.config.parent / "kept"
    kept.write_text(f"{KEY}\n")
    kept.chmod(0o600)
    configure(
        paths,
        file=on("a.example", 'key_file = "kept"'),
        config=on("b.example", f'key = "{KEY}"'),
        command=on("c.example", f'key_command = ["cat", "{kept}"]'),
        typed=on("d.example"),
    )
    starts = [stored_start(paths, name) for name in ("file", "config", "command")] + [typed_start(paths, "typed", KEY)]
    said = [start.profile.key_source for start in starts if start is not None]
    assert said == [
        str(kept),
        f"[profiles.config] key in {paths.config}",
        f"[profiles.command] key_command in {paths.config}",
        "",
    ]
    assert choose(paths, "file", {"SMMTUI_API_KEY": KEY}).profile.key_source == "SMMTUI_API_KEY"
