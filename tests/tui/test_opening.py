"""Which foreign texts may be opened as a web address, where they lead, and how a browser is started."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmtui.tui.opening import WebAddress, first_address, open_in_browser, web_address


@pytest.mark.parametrize(
    ("text", "url", "host"),
    [
        ("https://instagram.com/p/1?x=2#y", "https://instagram.com/p/1?x=2#y", "instagram.com"),
        (" HTTP://Example.COM:8080/a ", "HTTP://Example.COM:8080/a", "example.com"),
        ("instagram.com/name", "https://instagram.com/name", "instagram.com"),
        ("t.me/канал", "https://t.me/канал", "t.me"),
        ("https://аррӏе.com/", "https://аррӏе.com/", "xn--80ak6aa92e.com"),
        ("https://127.0.0.1/x", "https://127.0.0.1/x", "127.0.0.1"),
        ("https://[::1]/x", "https://[::1]/x", "::1"),
    ],
)
def test_addresses_and_where_they_lead(text: str, url: str, host: str) -> None:
    """The host is told as the browser will read it, letters that look alike unmasked."""
    assert web_address(text) == WebAddress(url, host)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@name",
        "name",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://example.com/",
        "mailto:a@example.com",
        "--help",
        "https://",
        "https:///path",
        "https://instagram.com@evil.example/",
        "https://instagram.com:x@evil.example/",
        "https://evil.example\\@instagram.com/",
        "https://instagram.com /evil",
        "https://instagram.com/\u202egpj.exe",
        "https://insta\u200bgram.com/",
        "https://insta%67ram.com/",
        "https://example.com:port/",
        "https://[::1/",
        "https://exa\x1bmple.com/",
        "https://example.com/" + "a" * 3000,
    ],
)
def test_what_is_not_opened(text: str) -> None:
    """Other schemes, no address at all, and whatever a reader and a browser would take for different hosts."""
    assert web_address(text) is None


@given(st.text() | st.text("https:/.@\\%[]a1é\u202e ").map("https://".__add__))
def test_no_text_breaks_it(text: str) -> None:
    """Whatever the text is, the answer is an http or https address without blanks and with an ASCII host, or none."""
    address = web_address(text)
    if address is not None:
        assert address.url.lower().startswith(("http://", "https://"))
        assert address.host.isascii() and address.host
        assert not any(char.isspace() for char in address.url)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("See (https://example.com/how?a=1). Then", "https://example.com/how?a=1"),
        ("no link here", None),
        ("http://a.example, https://b.example", "http://a.example"),
    ],
)
def test_the_first_address_in_a_text(text: str, address: str | None) -> None:
    """The first address counts, without the punctuation of the sentence around it."""
    assert first_address(text) == address


ADDRESS = WebAddress("https://example.com/?a=1&b=;id", "example.com")


def program(folder: Path, name: str, script: str) -> Path:
    """Put a program of this name on a path of its own and return a file that it may write to."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return folder / "out"


@pytest.fixture(autouse=True)
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desktop on which nothing is installed but what the test puts there."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)


def test_the_systems_opener_gets_the_address_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a desktop xdg-open is given the address as one word, without a shell."""
    monkeypatch.setenv("DISPLAY", ":7")
    out = program(tmp_path, "xdg-open", f'printf "%s" "$1" > {tmp_path}/out')
    assert open_in_browser(ADDRESS) == ""
    assert out.read_text() == ADDRESS.url


def test_a_named_browser_is_used_without_a_desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no display the program in BROWSER is asked, the first that exists."""
    monkeypatch.setenv("BROWSER", "missing %s:mine --new %s")
    out = program(tmp_path, "mine", f'printf "%s" "$*" > {tmp_path}/out')
    assert open_in_browser(ADDRESS) == ""
    assert out.read_text() == f"--new {ADDRESS.url}"


def test_without_a_browser_it_says_so() -> None:
    """Where nothing can open it the words say what to do instead."""
    assert "copy the link instead" in open_in_browser(ADDRESS)


def test_a_failure_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the opener could not do is not passed over."""
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    program(tmp_path, "xdg-open", "exit 4")
    assert "exit code 4" in open_in_browser(ADDRESS)


def test_an_opener_that_stays_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An opener that lives as long as its browser is not waited for, and not ended."""
    monkeypatch.setenv("DISPLAY", ":7")
    monkeypatch.setattr("smmtui.tui.opening._SECONDS", 0.05)
    out = program(tmp_path, "xdg-open", f"while ! test -e {tmp_path}/go; do :; done; : > {tmp_path}/out")
    assert open_in_browser(ADDRESS) == ""
    assert not out.exists()
    (tmp_path / "go").touch()
    until = time.monotonic() + 30
    while not out.exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert out.exists()
