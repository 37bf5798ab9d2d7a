"""Files that the user names are read whole, or refused in words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from smmtui.tui.text_files import LARGEST, read_file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_spreadsheets_write_is_read(tmp_path: Path, encoding: str) -> None:
    """UTF-8 with and without its mark, and UTF-16, give the same text, line ends untouched."""
    file = tmp_path / "orders.csv"
    file.write_bytes("1,https://x.example,ığ\r\n".encode(encoding))
    read = read_file(str(file))
    assert (read.path, read.text, read.trouble) == (file, "1,https://x.example,ığ\r\n", "")


def test_the_home_folder_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`~` is the home folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.csv").write_text("1")
    assert read_file("~/a.csv").text == "1"


def test_what_is_no_readable_text_is_said(tmp_path: Path) -> None:
    """Nothing there, a folder, a named pipe, a path with a null, another encoding, too large: each has its words."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "latin.csv").write_bytes("ş;ü".encode("cp1254"))
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(LARGEST + 1)
    words = {
        "none.csv": "There is no such file.",
        "": "This is not a file.",
        "pipe": "This is not a file.",
        "a\0b": "could not be read",
        "latin.csv": "not text in UTF-8",
        "large.csv": "larger than 8 MiB",
    }
    for name, said in words.items():
        read = read_file(f"{tmp_path}/{name}")
        assert said in read.trouble and not read.text


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_of_others_is_said(tmp_path: Path) -> None:
    """A file that may not be read is told as such."""
    file = tmp_path / "secret.csv"
    file.write_text("1")
    file.chmod(0)
    assert "not allowed" in read_file(str(file)).trouble
