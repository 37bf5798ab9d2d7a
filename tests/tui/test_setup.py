"""The first run: the setup screen tells what is wrong, tests the key, writes what it says, and goes on into the app."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Button

import smmtui.config
import smmtui.key_stores
import smmtui.new_panel
import smmtui.tui.panel_flow
from smmtui.config import Paths, choose
from smmtui.demo import DEMO_KEY, Market
from smmtui.desk.desk import Desk
from smmtui.errors import JournalError
from smmtui.key_stores import TakeBack
from smmtui.secret import Secret
from smmtui.tui.app import SmmtuiApp
from smmtui.tui.screens.catalog import CatalogScreen
from smmtui.tui.screens.setup import SetupScreen
from smmtui.tui.screens.waiting import Waiting
from tests.faults.server import Fault, FaultServer
from tests.keyrings import FakeKeyring
from tests.tui.configured import Served, app_on, folders, served
from tests.tui.support import press, see, text_of, until

SIZE = (120, 36)
SMALL = (60, 16)


@pytest.fixture
def panel() -> Iterator[Served]:
    """A panel that lists but few services."""
    market = Market(balance=Decimal("12.5"))
    market.services = market.services[:200]
    with served(market) as panel:
        yield panel


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """The folders of a user who has never started smmtui."""
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return folders(tmp_path)


async def set_up(pilot: Pilot[None]) -> None:
    """Wait for the setup screen."""
    await until(pilot, lambda: isinstance(pilot.app.screen, SetupScreen) and pilot.app.screen.is_mounted)
    await see(pilot, "Set up a panel")


def focused(pilot: Pilot[None]) -> str | None:
    """The id of what the keys go to."""
    return None if pilot.app.focused is None else pilot.app.focused.id


async def test_from_nothing_to_the_catalog(paths: Paths, panel: Served) -> None:
    """Address, key, test, save with Enter alone: two files for this user only, and the panel's services."""
    app = app_on(paths, None)
    async with app.run_test(size=SIZE) as pilot:
        await set_up(pilot)
        await see(pilot, "https://roicmedya.com/api/v2", "roicmedya", "config.toml (new)", "roicmedya.key (new)")
        await press(pilot, panel.url, "enter", "mine", "enter", DEMO_KEY)
        assert DEMO_KEY not in text_of(pilot)
        await see(pilot, "mine.key (new)", "•" * len(DEMO_KEY))
        assert not paths.config.parent.exists()
        await press(pilot, "enter")
        await see(pilot, "✓ The panel knows the key. Balance: $12.5")
        assert focused(pilot) == "save"
        await press(pilot, "enter")
        await see(pilot, " mine ", "online", "$12.5", "200 services")
        assert isinstance(app.screen, CatalogScreen)
        await press(pilot, "2")
        await see(pilot, "No orders")
    assert sorted(path.name for path in paths.config.parent.iterdir()) == ["config.toml", "mine.key"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths.config.parent.iterdir()} == {0o600}
    assert stat.S_IMODE(paths.config.parent.stat().st_mode) == 0o700
    assert choose(paths, None, {}).profile.url == panel.url
    assert DEMO_KEY not in paths.config.read_text()


async def test_problems_stand_below_their_fields_while_typing(paths: Paths) -> None:
    """In words, as soon as there are any, and gone when they are mended; Save goes to the first of them."""
    app = app_on(paths, None)
    async with app.run_test(size=SIZE) as pilot:
        await set_up(pilot)
        assert "✕" not in text_of(pilot)
        await press(pilot, "panel.example")
        await see(pilot, "✕ The address is not a web address")
        await press(pilot, "f9")
        await see(pilot, "✕ The key is missing.")
        await press(pilot, "ctrl+u", "https://my.panel.example/api")
        await until(pilot, lambda: "✕ The address" not in text_of(pilot))
        # The name has followed the address.
        await see(pilot, " panel ")
        await press(pilot, "enter", "no blanks")
        await see(pilot, "✕ A name is made of")
        await press(pilot, "f9")
        assert isinstance(app.screen, SetupScreen)
        assert not paths.config.exists()


async def test_a_name_of_ones_own_does_not_follow_the_address(paths: Paths) -> None:
    """Only the proposal does."""
    app = app_on(paths, None)
    async with app.run_test(size=SIZE) as pilot:
        await set_up(pilot)
        await press(pilot, "enter", "own", "shift+tab", "ctrl+u", "https://panel.example/api")
        await see(pilot, "own.key (new)")


async def test_http_to_another_host_takes_a_word_of_the_users(paths: Paths) -> None:
    """The switch is there only where the address needs it, and it is written down."""
    app = app_on(paths, None)
    async with app.run_test(size=SIZE) as pilot:
        await set_up(pilot)
        assert "unencrypted" not in text_of(pilot)
        await press(pilot, "http://panel.example/api")
        await see(pilot, "would send the key to panel.example unencrypted", "[ ] Send it unencrypted")
        await press(pilot, "tab", " ")
        await see(pilot, "[x] Send it unencrypted")
        await until(pilot, lambda: "✕" not in text_of(pilot))


async def test_the_key_is_copied_nowhere(paths: Paths) -> None:
    """Neither Ctrl+C nor Ctrl+X takes it out of its field."""
    app = app_on(paths, None)
    async with app.run_test(size=SIZE) as pilot:
        await set_up(pilot)
        await press(pilot, "enter", "enter", DEMO_KEY, "ctrl+shift+a", "ctrl+c", "ctrl+x")
        assert app.clipboard == ""
        await see(pilot, "•" * len(DEMO_KEY))


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault.reply(body=b'{"error": "Invalid API key"}'), "does not take this key: “Invalid API key”"),
        (Fault.reply(body=b'{"error": "Account suspended"}'), "The panel says: “Account suspended”."),
        (Fault.reply(302, {"Location": "https://elsewhere.example/"}), "elsewhere.example"),
        (Fault.reply(body=b"<html>hello</html>"), "it is a web page. Check the address"),
    ],
)
async def test_a_test_that_fails_says_why(paths: Paths, fault: Fault, words: str) -> None:
    """In plain words and without the key, after one request; and nothing is written."""
    app = app_on(paths, None)
    with FaultServer(key=DEMO_KEY) as server:
        server.always("balance", fault)
        async with app.run_test(size=SIZE) as pilot:
            await set_up(pilot)
            await press(pilot, server.url, "enter", "mine", "enter", DEMO_KEY, "f5")
            await see(pilot, "✕", words)
            assert DEMO_KEY not in text_of(pilot)
            # What was said of this key is not true of another one.
            await press(pilot, "x")
            await until(pilot, lambda: words not in text_of(pilot))
    assert not paths.config.exists()


WRONG_KEY = Fault.reply(body=b'{"error": "Invalid API key"}')
AGAIN = "Save again to keep it all the same."


async def test_save_tests_first_and_saves_a_refused_key_only_when_told_twice(paths: Paths) -> None:
    """The refusal is said and nothing is written; any change asks anew, and the same values once more are saved."""
    app = app_on(paths, None)
    with FaultServer(key=DEMO_KEY) as server:
        server.always("balance", WRONG_KEY)
        async with app.run_test(size=SIZE) as pilot:
            await set_up(pilot)
            await press(pilot, server.url, "enter", "mine", "enter", DEMO_KEY, "f9")
            await see(pilot, "does not take this key", AGAIN)
            await press(pilot, "shift+tab", "other")
            await until(pilot, lambda: AGAIN not in text_of(pilot))
            await press(pilot, "f9")
            await see(pilot, "does not take this key", AGAIN)
            assert not paths.config.exists()
            await press(pilot, "f9")
            await see(pilot, " other ", "✖ key refused", "other.key")
    assert choose(paths, None, {}).profile.name == "other"


async def test_a_refused_test_does_not_arm_save(paths: Paths) -> None:
    """Only a refusal that Save itself has told of can be insisted on."""
    app = app_on(paths, None)
    with FaultServer(key=DEMO_KEY) as server:
        server.always("balance", WRONG_KEY)
        async with app.run_test(size=SIZE) as pilot:
            await set_up(pilot)
            await press(pilot, server.url, "enter", "mine", "enter", DEMO_KEY, "f5")
            await see(pilot, "does not take this key")
            assert AGAIN not in text_of(pilot)
            await press(pilot, "f9")
            await see(pilot, AGAIN)
    assert not paths.config.exists()


async def test_what_was_tested_well_is_saved_without_another_question(paths: Paths, panel: Served) -> None:
    """Another name does not matter to the panel."""
    app = app_on(paths, None)
    async with app.run_test(size=SIZE) as pilot:
        await set_up(pilot)
        await press(pilot, panel.url, "enter", "mine", "enter", DEMO_KEY, "f5")
        await see(pilot, "✓ The panel knows the key")
        tests = len(panel.panel.asked)
        panel.panel.asked.clear()
        await press(pilot, *["shift+tab"] * 4, "other")
        await see(pilot, "✓ The panel knows the key", "other.key (new)")
        assert (tests, panel.panel.asked) == (1, [])
        await press(pilot, "f9")
        await see(pilot, " other ", "online", "200 services")


async def test_escape_gives_up_the_test_of_save(paths: Paths, panel: Served) -> None:
    """Nothing is written, whatever the panel answers then; the setup stays."""
    gate, answer = threading.Event(), panel.panel.answer

    def answer_late(method: str, content_type: str, body: bytes) -> bytes:
        gate.wait(20)
        return answer(method, content_type, body)

    panel.panel.answer = answer_late  # type: ignore[method-assign]  # this panel takes its time
    app = app_on(paths, None)
    async with app.run_test(size=SIZE) as pilot:
        try:
            await set_up(pilot)
            await press(pilot, panel.url, "enter", "mine", "enter", DEMO_KEY, "f9")
            await see(pilot, "before it is saved")
            await press(pilot, "escape")
            await see(pilot, "The test was given up. Nothing was saved.")
        finally:
            gate.set()
        await until(pilot, lambda: not app.screen.workers)
        assert isinstance(app.screen, SetupScreen)
    assert not paths.config.exists()


async def test_a_wrong_address_is_corrected_where_it_stands(paths: Paths) -> None:
    """After the test the cursor is in the address, and what is typed replaces it; the key stays as it is."""
    app = app_on(paths, None)
    with FaultServer(key=DEMO_KEY) as server:
        server.always("balance", Fault.reply(body=b"<html>hello</html>"))
        async with app.run_test(size=SIZE) as pilot:
            await set_up(pilot)
            await press(pilot, server.url, "enter", "mine", "enter", DEMO_KEY, "enter")
            await see(pilot, "it is a web page")
            await press(pilot, "https://other.example/api")
            await see(pilot, "https://other.example/api", "•" * len(DEMO_KEY))
            assert server.url not in text_of(pilot)


async def test_tab_into_a_field_selects_what_stands_there(paths: Paths) -> None:
    """What is typed replaces it."""
    app = app_on(paths, None)
    async with app.run_test(size=SIZE) as pilot:
        await set_up(pilot)
        await press(pilot, "tab", "own")
        await see(pilot, "own.key (new)")


async def test_a_panel_that_is_not_there_says_so(paths: Paths) -> None:
    """A refused connection is told as such."""
    app = app_on(paths, None)
    async with app.run_test(size=SIZE) as pilot:
        await set_up(pilot)
        await press(pilot, "http://127.0.0.1:9/api", "enter", "enter", DEMO_KEY, "enter")
        await see(pilot, "✕", "127.0.0.1")
        assert focused(pilot) != "save"


async def test_what_cannot_be_saved_is_said_and_what_was_typed_stays(paths: Paths, panel: Served) -> None:
    """A key file of that name is there already: another name, and it is saved."""
    paths.config.parent.mkdir(parents=True)
    (paths.config.parent / "mine.key").write_text("precious")
    app = app_on(paths, None)
    async with app.run_test(size=SIZE) as pilot:
        await set_up(pilot)
        await press(pilot, panel.url, "enter", "mine", "enter", DEMO_KEY, "f9")
        await see(pilot, "exists already, and may hold", panel.url, "•" * len(DEMO_KEY))
        assert not paths.config.exists()
        await press(pilot, "enter", "other", "f9")
        await see(pilot, " other ", "online", "200 services")
    assert (paths.config.parent / "mine.key").read_text() == "precious"


async def test_a_full_disk_leaves_no_half_of_it(paths: Paths, panel: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """The configuration cannot be written, so the key is not kept either, and that is said."""

    def full(path: Path, data: bytes) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(smmtui.config, "write_whole", full)
    app = app_on(paths, None)
    async with app.run_test(size=SIZE) as pilot:
        await set_up(pilot)
        await press(pilot, panel.url, "enter", "mine", "enter", DEMO_KEY, "f9")
        await see(pilot, "cannot be written: No space left", "Nothing was changed")
    assert list(paths.config.parent.iterdir()) == []


def save_late(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Hold up what is saved, as a keyring does that waits to be unlocked, until the event is set."""
    gate, keep = threading.Event(), smmtui.key_stores.keep_in_file

    def keep_late(key: Secret, path: Path) -> TakeBack:
        # The end of the program does not wait for this.
        assert threading.current_thread().daemon
        gate.wait(20)
        return keep(key, path)

    monkeypatch.setattr(smmtui.new_panel, "keep_in_file", keep_late)
    return gate


async def test_saving_is_not_left_half_way(paths: Paths, panel: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Esc does nothing while it is written down, for it would be written all the same; then the panel opens."""
    gate = save_late(monkeypatch)
    app = app_on(paths, None)
    async with app.run_test(size=SIZE) as pilot:
        try:
            await set_up(pilot)
            await press(pilot, panel.url, "enter", "mine", "enter", DEMO_KEY, "f9")
            await see(pilot, "Saving mine")
            await press(pilot, "escape", "escape")
            await see(pilot, "Saving mine")
            assert "Do not wait" not in text_of(pilot)
        finally:
            gate.set()
        await see(pilot, " mine ", "online", "200 services")


async def test_saving_that_ends_behind_another_screen_can_be_left(
    paths: Paths, panel: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the palette in front of it nothing is stuck: the way leads back to what was typed."""
    gate = save_late(monkeypatch)
    paths.config.parent.mkdir(parents=True)
    paths.config.with_name("mine.key").write_text("precious")
    app = app_on(paths, None)
    async with app.run_test(size=SIZE) as pilot:
        try:
            await set_up(pilot)
            await press(pilot, panel.url, "enter", "mine", "enter", DEMO_KEY, "f9")
            await see(pilot, "Saving mine")
            await press(pilot, "ctrl+p")
            await until(pilot, lambda: not isinstance(app.screen, Waiting))
        finally:
            gate.set()
        await see(pilot, "exists already, and may hold")


@pytest.mark.parametrize("hangs", [False, True])
async def test_quitting_while_it_is_saved_says_what_has_become_of_it(
    paths: Paths, panel: Served, monkeypatch: pytest.MonkeyPatch, hangs: bool
) -> None:
    """It waits a moment for the end of it; where that does not come, it ends, and says that nobody knows."""
    gate = save_late(monkeypatch)
    if hangs:
        monkeypatch.setattr(smmtui.tui.panel_flow, "_LAST_SECONDS", 0)
    else:
        paths.config.parent.mkdir(parents=True)
        paths.config.with_name("mine.key").write_text("precious")
    app = app_on(paths, None)
    try:
        async with app.run_test(size=SIZE) as pilot:
            await set_up(pilot)
            await press(pilot, panel.url, "enter", "mine", "enter", DEMO_KEY, "f9")
            await see(pilot, "Saving mine")
            await press(pilot, "ctrl+q")
            if not hangs:
                gate.set()
    finally:
        gate.set()
    words = "mine was still being saved: the next start" if hangs else "mine was not saved: "
    assert len(app.last_words) == 1 and words in app.last_words[0]
    assert app.fault is None


@pytest.mark.parametrize(
    ("downs", "place"), [(1, "In the configuration"), (2, "In the keyring"), (3, "Nowhere: you type it")]
)
async def test_the_key_is_kept_where_the_user_wants_it(
    paths: Paths, panel: Served, monkeypatch: pytest.MonkeyPatch, downs: int, place: str
) -> None:
    """In the configuration, in the keyring where there is one, or nowhere; the paths shown are those written."""
    keyring = FakeKeyring.install(monkeypatch)
    app = app_on(paths, None)
    async with app.run_test(size=SIZE) as pilot:
        await set_up(pilot)
        await see(pilot, "( ) In the keyring")
        await press(pilot, panel.url, "enter", "mine", "tab", DEMO_KEY, "tab", *["down"] * downs)
        await see(pilot, f"(•) {place}", "config.toml (new)")
        assert ".key (new)" not in text_of(pilot)
        await press(pilot, "f9")
        await see(pilot, " mine ", "online")
    written = paths.config.read_text()
    assert [path.name for path in paths.config.parent.iterdir()] == ["config.toml"]
    assert (DEMO_KEY in written) == (downs == 1)
    assert ("keyring = true" in written) == (downs == 2)
    assert list(keyring.stored.values()) == ([DEMO_KEY] if downs == 2 else [])


async def test_without_a_keyring_none_is_offered(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package alone, without a backend that keeps anything, is none."""
    FakeKeyring.install(monkeypatch, priority=0)
    app = app_on(paths, None)
    async with app.run_test(size=SIZE) as pilot:
        await set_up(pilot)
        await until(pilot, lambda: not app.screen.workers)
        assert "In the keyring" not in text_of(pilot)


async def test_escape_leaves_nothing_and_q_is_a_letter_in_a_field(paths: Paths) -> None:
    """There is nothing to go back to; what was typed stands there, and Ctrl+Q quits."""
    app = app_on(paths, None)
    async with app.run_test(size=SIZE) as pilot:
        await set_up(pilot)
        await press(pilot, "https://q.example", "escape", "escape")
        await see(pilot, "https://q.example")
        assert isinstance(app.screen, SetupScreen)
        app.screen.set_focus(app.screen.query_one("#save", Button))
        await press(pilot, "q")
        await until(pilot, lambda: not app.is_running)
    assert app.return_code == 0
    assert not paths.config.exists()


async def test_the_demo_panel_writes_nothing_and_leads_back_to_the_setup(paths: Paths, panel: Served) -> None:
    """It opens in a temporary folder; from there a panel of one's own is set up, and the demo is left."""
    app = app_on(paths, None)
    async with app.run_test(size=SIZE) as pilot:
        await set_up(pilot)
        await press(pilot, panel.url, "f6")
        await see(pilot, "DEMO", "online", "5,000 services")
        assert list(paths.config.parent.parent.iterdir()) == []
        await press(pilot, "P", "enter")
        await set_up(pilot)
        await see(pilot, panel.url)
        await press(pilot, "tab", "tab", DEMO_KEY, "f9")
        await see(pilot, "online", "200 services")
        assert "DEMO" not in text_of(pilot)
    assert paths.config.exists()


async def test_a_panel_that_cannot_be_opened_after_the_setup_ends_with_a_sentence(
    paths: Paths, panel: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As at every start whose journal cannot be opened."""

    async def fail(desk: Desk) -> None:
        raise JournalError("The journal cannot be opened.")

    monkeypatch.setattr(Desk, "open", fail)
    app = app_on(paths, None)
    async with app.run_test(size=SIZE) as pilot:
        await set_up(pilot)
        await press(pilot, panel.url, "enter", "mine", "enter", DEMO_KEY, "f9")
        await until(pilot, lambda: not app.is_running)
    assert app.return_code == 1
    assert paths.config.exists()


def whole_in_view(app: SmmtuiApp) -> bool:
    """Whether what has the focus is in view, below and above what is docked."""
    focused = app.focused
    result = app.screen.query_one("#setup-result").region
    return focused is not None and 0 <= focused.region.y < result.y


async def test_it_is_usable_in_a_small_terminal(paths: Paths, panel: Served) -> None:
    """At 60 × 16 every field and button is reached by Tab, in view, and what came of the test as well."""
    app = app_on(paths, None)
    async with app.run_test(size=SMALL) as pilot:
        await set_up(pilot)
        await press(pilot, panel.url, "tab", "tab", DEMO_KEY)
        reached = []
        for _ in range(7):
            await until(pilot, lambda: whole_in_view(app))
            reached.append(focused(pilot))
            await press(pilot, "tab")
        assert reached[1:] == ["keep", "test", "save", "demo", None, None]
        await press(pilot, "f5")
        await see(pilot, "✓ The panel knows the key", "$12.5")
