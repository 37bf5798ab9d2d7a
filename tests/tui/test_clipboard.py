"""Copying through the programs of a desktop, real ones on a path of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from smmtui.tui.clipboard import copy_by_program, fits_terminal

TEXT = "https://example.com/1\nhttps://example.com/şık"


@pytest.fixture(autouse=True)
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desktop on which nothing is installed but what the test puts there."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


def install(folder: Path, name: str, script: str = "") -> Path:
    """Put a clipboard program there that keeps what it is given in the file returned."""
    out = folder / f"{name}.out"
    path = folder / name
    keep = f'while IFS= read -r line || [ -n "$line" ]; do printf "%s\\n" "$line"; done > {out}'
    path.write_text(f"#!/bin/sh\n{script or keep}\n")
    path.chmod(0o755)
    return out


@pytest.mark.parametrize(
    ("variables", "installed", "used"),
    [
        (["WAYLAND_DISPLAY"], ["wl-copy", "xclip"], "wl-copy"),
        (["WAYLAND_DISPLAY", "DISPLAY"], ["xclip"], "xclip"),
        (["DISPLAY"], ["wl-copy", "xclip", "xsel"], "xclip"),
        (["DISPLAY"], ["xsel"], "xsel"),
        (["DISPLAY"], [], ""),
        ([], ["wl-copy", "xclip", "xsel"], ""),
    ],
)
def test_the_program_of_the_desktop_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: list[str], installed: list[str], used: str
) -> None:
    """Of what is installed the program of the running desktop gets the text, to the letter, and is named."""
    for name in variables:
        monkeypatch.setenv(name, ":0")
    files = {name: install(tmp_path, name) for name in installed}
    assert copy_by_program(TEXT) == used
    assert {name: file.read_text() for name, file in files.items() if file.exists()} == (
        {used: f"{TEXT}\n"} if used else {}
    )


def test_macos_has_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a Mac it is pbcopy."""
    monkeypatch.setattr("sys.platform", "darwin")
    out = install(tmp_path, "pbcopy")
    assert copy_by_program(TEXT) == "pbcopy"
    assert out.read_text() == f"{TEXT}\n"


def test_a_program_that_fails_or_hangs_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that cannot reach its desktop, or never answers, leaves the copying to the next one."""
    for name in ("WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.setenv(name, ":0")
    monkeypatch.setattr("smmtui.tui.clipboard._SECONDS", 0.2)
    install(tmp_path, "wl-copy", "exit 1")
    install(tmp_path, "xclip", "while :; do :; done")
    install(tmp_path, "xsel")
    assert copy_by_program(TEXT) == "xsel"


def test_a_program_that_stays_to_serve_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """These programs leave a child behind that serves the clipboard; the copy is done all the same."""
    monkeypatch.setenv("DISPLAY", ":0")
    install(tmp_path, "xclip", f"(while ! test -e {tmp_path}/go; do :; done) & exit 0")
    assert copy_by_program(TEXT) == "xclip"
    (tmp_path / "go").touch()


def test_what_a_terminal_takes() -> None:
    """A few thousand ids fit through the terminal, a whole catalogue does not."""
    assert fits_terminal(",".join(["123456"] * 7_000))
    assert not fits_terminal(",".join(["123456"] * 100_000))
