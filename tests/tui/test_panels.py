"""Several panels: one is changed for the other while the app runs, and nothing of one is seen on the other."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import Iterator
from contextlib import redirect_stderr
from decimal import Decimal
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot

import smmtui.profiles
from smmtui.__main__ import ConfiguredPanels
from smmtui.config import Paths, Start, choose
from smmtui.demo import DEMO_KEY, Market
from smmtui.domain.clock import Clock
from smmtui.domain.records import Order, Request, State
from smmtui.journal.journal import Journal
from smmtui.journal.lease import PollerLock, living
from smmtui.tui.app import SmmtuiApp
from smmtui.tui.screens.ask_text import AskText
from smmtui.tui.screens.catalog import CatalogScreen
from smmtui.tui.screens.pick_panel import PickPanel
from smmtui.tui.screens.setup import SetupScreen
from tests.closed import close
from tests.tui.configured import Served, app_on, configure, folders, profile, served
from tests.tui.support import NOON, Stage, press, see, text_of, until

SIZE = (120, 36)
LINK = "https://t.me/moved"


def small_market(seed: int, balance: str) -> Market:
    """The books of a panel that lists but few services."""
    market = Market(seed, balance=Decimal(balance))
    market.services = market.services[:200]
    return market


@pytest.fixture
def first() -> Iterator[Served]:
    """A panel."""
    with served(small_market(1, "100.5")) as panel:
        yield panel


@pytest.fixture
def second() -> Iterator[Served]:
    """Another one, with other services and another balance."""
    with served(small_market(7, "7.5")) as panel:
        yield panel


@pytest.fixture
def paths(tmp_path: Path, first: Served, second: Served) -> Paths:
    """A configuration of both."""
    paths = folders(tmp_path)
    configure(paths, profile("first", first.url) + profile("second", second.url))
    return paths


def start(paths: Paths, name: str = "first") -> Start:
    """What the program starts with."""
    return choose(paths, name, {})


async def open_panel(pilot: Pilot[None], words: str) -> None:
    """Choose a panel by its name from the list."""
    await press(pilot, "P")
    await until(pilot, lambda: isinstance(pilot.app.screen, PickPanel))
    await press(pilot, words, "enter")


async def to_the_other(pilot: Pilot[None], name: str, balance: str) -> None:
    """Open another panel and wait until it has answered."""
    await open_panel(pilot, name)
    await see(pilot, f" {name} ", "online", balance, "200 services")


def services_on(pilot: Pilot[None]) -> str:
    """The ids and names of the catalog as they stand on the screen."""
    assert isinstance(pilot.app.screen, CatalogScreen)
    return "\n".join(line[:50] for line in text_of(pilot).splitlines()[4:-1])


async def order(pilot: Pilot[None], link: str) -> None:
    """Order the least of an Instagram service."""
    await press(pilot, "/", "instagram followers min<=100", "enter", "enter")
    await see(pilot, "Quantity")
    await press(pilot, link, "tab", "100")
    await see(pilot, "100 units")
    await press(pilot, "f9")
    await see(pilot, "Yes, place it")
    await until(pilot, lambda: "y  Yes" in text_of(pilot))
    await press(pilot, "y")


async def test_each_panel_has_its_own_everything(paths: Paths, first: Served, second: Served) -> None:
    """Balance, services, orders, filters: there and back, each is as it was left, and the other's is not to be seen."""
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, " first ", "online", "$100.5", "200 services")
        of_first = services_on(pilot)
        await order(pilot, LINK)
        await until(pilot, lambda: len(first.market.ledger) == 1)
        await press(pilot, "2")
        await see(pilot, "moved")
        await to_the_other(pilot, "second", "$7.5")
        assert services_on(pilot) != of_first
        assert "instagram followers min" not in text_of(pilot)
        await press(pilot, "2")
        await see(pilot, "No orders")
        await press(pilot, "!")
        await see(pilot, "messages")
        for text in ("first", "100.5", "moved", "accepted"):
            assert text not in text_of(pilot)
        await to_the_other(pilot, "first", "$100")
        assert services_on(pilot) == of_first
        await press(pilot, "/", "up")
        await see(pilot, "instagram followers min<=100")
        await press(pilot, "escape", "escape", "2")
        await see(pilot, "moved")
    assert [(row.link, row.quantity) for row in first.market.ledger] == [(LINK, 100)]
    assert second.market.ledger == []


async def test_what_is_left_is_left_alone(paths: Paths, first: Served, second: Served) -> None:
    """The old panel is asked nothing more, its lock is free, its Desk is forgotten; an order goes to the new one."""
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, " first ", "online", "200 services")
        old = weakref.ref(app.desk)
        assert app.desk is not None
        await to_the_other(pilot, "second", "$7.5")
        lock = PollerLock(paths.journal("first"))
        assert lock.try_acquire()
        lock.release()
        asked = len(first.panel.asked)
        await press(pilot, "r")
        await order(pilot, LINK)
        await until(pilot, lambda: len(second.market.ledger) == 1)
        await until(pilot, lambda: second.panel.asked.count("balance") > 1)
        assert len(first.panel.asked) == asked
        await until(pilot, lambda: not app.errands.under_way)
        # Not what was put out of the collector's sight since.
        gc.unfreeze()
        gc.collect()
        assert old() is None
    assert first.market.ledger == []


async def test_keys_typed_ahead_of_the_switch_do_no_harm(paths: Paths, first: Served) -> None:
    """Whatever is typed while one panel closes and the other opens, both are whole, and nothing was ordered."""
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, " first ", "online", "200 services")
        await press(pilot, "P", "second", "enter", "2134!rn+R", "enter", "1")
        await until(pilot, lambda: app.desk is not None and app.desk.profile.name == "second")
        await press(pilot, "escape", "escape", "1")
        await see(pilot, " second ", "online", "200 services")
    assert first.market.ledger == []


@pytest.mark.parametrize("turns", [0, 1, 3, 10, 30])
async def test_quitting_in_the_middle_of_a_switch_closes_both(paths: Paths, turns: int) -> None:
    """However far it has come, the app ends without a fault, and no lock is left."""
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, " first ", "online")
        await open_panel(pilot, "second")
        for _ in range(turns):
            await asyncio.sleep(0)
        app.exit()
    assert app.fault is None
    for name in ("first", "second"):
        folder = paths.journal(name)
        if folder.exists():
            assert living(folder / "leases") == set()
            assert PollerLock(folder).try_acquire()


async def test_choosing_none_changes_nothing(paths: Paths) -> None:
    """The open one is marked, and Esc just closes the list."""
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, " first ", "online")
        desk = app.desk
        await press(pilot, "P")
        await see(pilot, "● open (open again)", "127.0.0.1", "second", "A new panel")
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(app.screen, CatalogScreen))
        assert app.desk is desk


async def test_a_corrected_key_is_read_by_opening_the_panel_again(paths: Paths, first: Served) -> None:
    """The banner says where the key is from and what to press; then the panel is online, and its orders are there."""
    kept = paths.config.with_name("kept")
    kept.write_text("wrong-key-0123456789\n")
    kept.chmod(0o600)
    configure(paths, profile("first", first.url, 'key_file = "kept"'))
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, "✖ key refused", "then open the panel again with P", "kept")
        assert "wrong-key" not in text_of(pilot)
        kept.write_text(f"{DEMO_KEY}\n")
        for _ in range(2):
            old = app.desk
            await press(pilot, "P", "enter")
            await until(pilot, lambda old=old: app.desk not in (None, old))  # type: ignore[misc]  # bound for the loop
            await see(pilot, " first ", "online", "$100.5", "200 services")
        await order(pilot, LINK)
        await until(pilot, lambda: len(first.market.ledger) == 1 and not app.errands.sending)
    assert living(paths.journal("first") / "leases") == set()


async def test_a_typed_key_that_was_refused_is_asked_for_again(paths: Paths, second: Served) -> None:
    """The one in memory is not taken a second time for the panel that is open."""
    configure(paths, profile("first", paths_url(paths)) + profile("second", second.url, ""))
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, " first ", "online")
        for key, words in [("wrong-key-0123456789", "✖ key refused"), (DEMO_KEY, "$7.5")]:
            await open_panel(pilot, "second")
            await until(pilot, lambda: isinstance(app.screen, AskText))
            await press(pilot, key, "enter")
            await see(pilot, " second ", words)


async def test_the_open_panel_is_not_opened_again_while_something_is_under_way(paths: Paths) -> None:
    """It is refused with words, and stays as it is."""
    app, end = app_on(paths, start(paths)), asyncio.Event()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, " first ", "online")
        desk = app.desk
        app.errands.run(wait_for(end), sends=True)
        await press(pilot, "P", "enter")
        await see(pilot, "first was not opened", "being sent")
        assert app.desk is desk
        end.set()


async def test_panels_of_one_host_are_told_apart_and_found_by_their_port(paths: Paths, second: Served) -> None:
    """Each with its port, and with its path where that is the same; Enter takes another one than the open one."""
    configure(paths, paths.config.read_text() + profile("third", f"{second.url}/else"))
    port = urlsplit(second.url).netloc
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, " first ", "online")
        await press(pilot, "P")
        await see(pilot, f"{port}/", "/else", urlsplit(paths_url(paths)).netloc)
        await press(pilot, "127.0.0.1", "enter")
        await see(pilot, " second ", "online", "$7.5")


async def test_a_malformed_profile_is_listed_with_its_problem_and_cannot_be_chosen(paths: Paths) -> None:
    """The file is read anew with every P; a mistake in one profile is said there, and the others can be opened."""
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, " first ", "online")
        with paths.config.open("a") as file:
            file.write('[profiles.third]\nurl = "ftp://nowhere"\n')
        await press(pilot, "P", "third")
        await see(pilot, "! cannot be opened", "config.toml, line", "is not a web address")
        await press(pilot, "enter")
        assert isinstance(app.screen, PickPanel)
        await press(pilot, "escape")
        await to_the_other(pilot, "second", "$7.5")


async def test_a_file_that_became_malformed_is_said_and_the_way_back_stays(paths: Paths) -> None:
    """The panels that were open in this run can still be reached."""
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, " first ", "online")
        await to_the_other(pilot, "second", "$7.5")
        configure(paths, "[profiles")
        await press(pilot, "P")
        await see(pilot, "not valid TOML", "first", "second")
        await press(pilot, "first", "enter")
        await see(pilot, " first ", "online", "$100")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('key_command = ["false"]', "ended with code 1"),
        ('key_file = "nowhere"', "cannot be read"),
        ("keyring = true", "keyring"),
    ],
)
async def test_a_key_that_cannot_be_had_leaves_the_user_where_they_were(
    paths: Paths, second: Served, lines: str, words: str
) -> None:
    """The reason is said; the panel that was open goes on."""
    configure(paths, paths.config.read_text() + profile("third", second.url, lines))
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, " first ", "online")
        desk = app.desk
        await open_panel(pilot, "third")
        await see(pilot, "third was not opened", words)
        assert app.desk is desk
        assert isinstance(app.screen, CatalogScreen)
        await press(pilot, "r")
        await see(pilot, "online")


async def test_a_source_that_hangs_can_be_left(paths: Paths, monkeypatch: pytest.MonkeyPatch, second: Served) -> None:
    """The app answers meanwhile, and Esc goes back to the panel that is open."""
    gate = threading.Event()

    def hang(*_: object) -> None:
        gate.wait(20)

    monkeypatch.setattr(smmtui.profiles, "choose", hang)
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE) as pilot:
        try:
            await see(pilot, " first ", "online")
            desk = app.desk
            await open_panel(pilot, "second")
            await see(pilot, "Opening second")
            await press(pilot, "escape")
            await until(pilot, lambda: isinstance(app.screen, CatalogScreen))
            await press(pilot, "2")
            await see(pilot, "No orders")
            assert app.desk is desk
            await until(pilot, lambda: not app.errands.under_way)
        finally:
            gate.set()


async def test_a_damaged_journal_leaves_the_user_where_they_were(paths: Paths) -> None:
    """A journal of a newer smmtui cannot be opened: that is said, and the panel before stays."""
    folder = paths.journal("second")
    folder.parent.mkdir(parents=True)
    folder.write_text("a file where the folder should be")
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, " first ", "online")
        desk = app.desk
        await open_panel(pilot, "second")
        await see(pilot, "second was not opened")
        assert app.desk is desk
        await press(pilot, "2")
        await see(pilot, "No orders", "online")


async def place_basket(pilot: Pilot[None]) -> None:
    """Place two orders at once."""
    pilot.app.post_message(Paste(f"18423 | {LINK}1 | 100\n18423 | {LINK}2 | 100"))
    await see(pilot, "2 rows")
    await press(pilot, "f9")
    await see(pilot, "Place 2 orders?", " y  Yes")
    await press(pilot, "y")


@pytest.mark.parametrize("basket", [False, True])
async def test_nothing_is_left_while_orders_are_being_sent(paths: Paths, first: Served, basket: bool) -> None:
    """The switch is refused with words, one order or a basket gets its answers, and then it is possible."""
    gate, answer = threading.Event(), first.panel.answer

    def answer_late(method: str, content_type: str, body: bytes) -> bytes:
        if b"action=add" in body:
            gate.wait(20)
        return answer(method, content_type, body)

    first.panel.answer = answer_late  # type: ignore[method-assign]  # this panel takes its time
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        try:
            await see(pilot, " first ", "online", "200 services")
            await (place_basket(pilot) if basket else order(pilot, LINK))
            await until(pilot, lambda: app.errands.sending)
            await open_panel(pilot, "second")
            await see(pilot, "second was not opened", "being sent")
            assert app.desk is not None and app.desk.profile.name == "first"
        finally:
            gate.set()
        await until(pilot, lambda: not app.errands.sending)
        await to_the_other(pilot, "second", "$7.5")
    assert len(first.market.ledger) == 1 + basket


@pytest.mark.parametrize("then", ["nothing", "looked", "placed"])
async def test_what_is_said_of_a_left_panel_at_the_end_is_true_then(paths: Paths, first: Served, then: str) -> None:
    """Orders that are left queued are said once and with the panel's name, and not if they were placed since."""
    gate, answer = threading.Event(), first.panel.answer

    def answer_late(method: str, content_type: str, body: bytes) -> bytes:
        if b"action=add" in body:
            gate.wait(20)
        return answer(method, content_type, body)

    first.panel.answer = answer_late  # type: ignore[method-assign]  # this panel takes its time
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        try:
            await see(pilot, " first ", "online", "200 services")
            await place_basket(pilot)
            await until(pilot, lambda: app.errands.sending)
            await press(pilot, "3", "escape")
        finally:
            gate.set()
        await until(pilot, lambda: not app.errands.sending)
        await see(pilot, "1 queued")
        for name, balance in [("second", "$7.5"), ("first", "$100.46")]:
            await to_the_other(pilot, name, balance)
            if name == "first" and then == "looked":
                # Not Enter again: what is held down since the list is not meant for the catalog.
                await press(pilot, "n")
                await see(pilot, "Quantity")
                await press(pilot, "escape")
            elif name == "first" and then == "placed":
                await press(pilot, "3", "R")
                await until(pilot, lambda: "y  Yes" in text_of(pilot))
                await press(pilot, "y")
                await until(pilot, lambda: len(first.market.ledger) == 2 and not app.errands.sending)
    said = ["first: 1 order of the basket is queued and not sent: after the next start it can be resumed."]
    assert app.last_words == ([] if then == "placed" else said)


async def test_quitting_while_the_journal_is_opened_ends_without_a_fault(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another window may keep us waiting for half a minute; who leaves meanwhile leaves nothing open."""
    opening, go_on, opens = threading.Event(), threading.Event(), Journal.open

    def slowly(folder: Path, *, clock: Clock) -> Journal:
        opening.set()
        go_on.wait(20)
        return opens(folder, clock=clock)

    monkeypatch.setattr(Journal, "open", slowly)
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE):
        assert await asyncio.to_thread(opening.wait, 20)
        # Without a wait: the frame's queue, which Pilot would wait for, is where the opening is waited for.
        app.post_message(Key("ctrl+q", None))
        while not app._exit:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        go_on.set()
        await asyncio.sleep(0)
    assert (app.fault, app.return_code) == (None, 0)
    assert all(living(folder) == set() for folder in paths.data.rglob("leases"))


@pytest.mark.parametrize("kind", ["order", "request"])
async def test_nothing_is_left_that_is_known_only_in_memory(paths: Paths, kind: str) -> None:
    """An outcome that could not be saved keeps its panel open; the panel that was to be opened is closed again."""
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, " first ", "online")
        desk = app.desk
        assert desk is not None
        if kind == "order":
            desk._expect_parts().ordering.unsaved.append(Order("one", 1, State.ACCEPTED, NOON, id="77001"))
        else:
            desk._expect_parts().requesting.unsaved.append(Request("two", "one", "77001", "refill", "requested", NOON))
        await open_panel(pilot, "second")
        await see(pilot, "second was not opened", "could not be saved")
        assert app.desk is desk


async def test_a_key_that_nothing_holds_is_typed_once_and_not_shown(paths: Paths, second: Served) -> None:
    """A masked dialog asks for it, from which nothing can be copied; going back and forth does not ask again."""
    configure(paths, profile("first", paths_url(paths)) + profile("second", second.url, ""))
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, " first ", "online")
        await open_panel(pilot, "second")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(app.screen, CatalogScreen))
        await open_panel(pilot, "second")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        await press(pilot, DEMO_KEY)
        assert DEMO_KEY not in text_of(pilot)
        assert "••••" in text_of(pilot)
        await press(pilot, "ctrl+shift+a", "ctrl+c", "ctrl+x")
        assert app.clipboard == ""
        await press(pilot, "enter")
        await see(pilot, " second ", "online", "$7.5")
        await to_the_other(pilot, "first", "$100")
        await to_the_other(pilot, "second", "$7.5")
    assert DEMO_KEY not in paths.config.read_text().partition("[profiles.second]")[2]


def paths_url(paths: Paths) -> str:
    """The address of the first profile."""
    return start(paths).profile.url


async def test_a_key_of_the_environment_is_kept_for_the_way_back(paths: Paths, first: Served) -> None:
    """The configured key, which is another account's, is not taken in its place."""
    configure(paths, paths.config.read_text().replace(DEMO_KEY, "no-key-of-this-panel", 1))
    app = app_on(paths, choose(paths, "first", {"SMMTUI_API_KEY": DEMO_KEY}))
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, " first ", "online", "$100.5")
        await to_the_other(pilot, "second", "$7.5")
        await to_the_other(pilot, "first", "$100.5")


async def test_a_panel_of_the_environment_is_one_of_the_list(paths: Paths, first: Served) -> None:
    """It is there beside the configured ones, and there is a way back to it."""
    environ = {"SMMTUI_API_URL": first.url, "SMMTUI_API_KEY": DEMO_KEY}
    app = app_on(paths, choose(paths, None, environ))
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, " 127.0.0.1 ", "online")
        await to_the_other(pilot, "second", "$7.5")
        await press(pilot, "P", "down", "enter")
        await see(pilot, " 127.0.0.1 ", "online", "$100")


async def test_the_only_panel_says_so_and_a_new_one_is_offered(tmp_path: Path, first: Served) -> None:
    """By the environment and without a file; what was typed of a new one is kept when one goes back."""
    paths = folders(tmp_path)
    environ = {"SMMTUI_API_URL": first.url, "SMMTUI_API_KEY": DEMO_KEY}
    app = app_on(paths, choose(paths, None, environ))
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, " 127.0.0.1 ", "online")
        for _ in range(2):
            await press(pilot, "P")
            await see(pilot, "There is but one panel so far", "● open", "A new panel")
            await press(pilot, "down", "enter")
            await until(pilot, lambda: isinstance(app.screen, SetupScreen))
            await press(pilot, "https://typed.example/api", "escape")
            await until(pilot, lambda: isinstance(app.screen, CatalogScreen))
        await press(pilot, "P", "down", "enter")
        await see(pilot, "https://typed.example/api")
    assert not paths.config.exists()


async def test_a_new_panel_is_set_up_beside_the_old_one(paths: Paths, second: Served) -> None:
    """It is appended to the configuration and open at once; the one before is in the list."""
    configure(paths, profile("first", paths_url(paths)))
    before = paths.config.read_bytes()
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, " first ", "online")
        await press(pilot, "P", "new panel", "enter")
        await until(pilot, lambda: isinstance(app.screen, SetupScreen))
        await see(pilot, "No default_profile is named", "as in https://roicmedya.com/api/v2")
        await press(pilot, second.url, "enter", "first", "enter", DEMO_KEY)
        await see(pilot, "There is a panel of this name already")
        await press(pilot, "f9", "ctrl+u", "second")
        await see(pilot, "second.key (new)")
        await press(pilot, "f9")
        await see(pilot, " second ", "online", "$7.5")
        await to_the_other(pilot, "first", "$100")
    assert paths.config.read_bytes().startswith(before)
    assert (paths.config.parent / "second.key").read_text() == f"{DEMO_KEY}\n"


async def test_the_demo_alone_has_no_other_panel(tmp_path: Path) -> None:
    """Started for practice, the app says so and opens nothing."""
    app = Stage(tmp_path).app
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "P")
        await see(pilot, "There is but one panel")
        assert isinstance(app.screen, CatalogScreen)


def told(app: SmmtuiApp, text: str) -> str:
    """What would be said of a fault with this text."""
    panels = app._panels
    assert isinstance(panels, ConfiguredPanels)
    return panels._faults.text(RuntimeError(text))


async def test_the_keys_of_all_panels_are_masked_in_faults(paths: Paths, second: Served) -> None:
    """Also that of a panel which was closed long ago, and the one that is being typed."""
    other, typed = f"second-{DEMO_KEY}", "typed-just-now-0123"
    configure(paths, profile("first", paths_url(paths)) + profile("second", second.url, f'key = "{other}"'))
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, " first ", "online")
        await open_panel(pilot, "second")
        await see(pilot, " second ", "key refused")
        await press(pilot, "P", "new panel", "enter")
        await until(pilot, lambda: isinstance(app.screen, SetupScreen))
        await press(pilot, "tab", "tab", typed)
        assert "broken ****, ****, ****" in told(app, f"broken {DEMO_KEY}, {other}, {typed}")


def told_at_the_end(app: SmmtuiApp) -> str:
    """What would be said of a fault that ends the program."""
    panels = app._panels
    assert isinstance(panels, ConfiguredPanels)
    with redirect_stderr(StringIO()) as said:
        panels._faults.tell(RuntimeError("broken"))
    return said.getvalue()


async def test_a_fault_is_told_on_the_panel_that_is_open(paths: Paths) -> None:
    """Not on one whose opening was refused, be it the demo panel, which leaves no file."""
    app, end = app_on(paths, start(paths)), asyncio.Event()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, " first ", "online")
        await press(pilot, "P", "new panel", "enter")
        await until(pilot, lambda: isinstance(app.screen, SetupScreen))
        app.errands.run(wait_for(end), sends=True)
        await press(pilot, "f6")
        await see(pilot, "demo was not opened")
        on_first = told_at_the_end(app)
        assert str(paths.journal("first")) in on_first and "crash-" in on_first
        end.set()
        await until(pilot, lambda: not app.errands.under_way)
        await to_the_other(pilot, "second", "$7.5")
        assert str(paths.journal("second")) in told_at_the_end(app)
        await press(pilot, "P", "new panel", "enter")
        await until(pilot, lambda: isinstance(app.screen, SetupScreen))
        await press(pilot, "f6")
        await see(pilot, "DEMO", "online", "5,000 services")
        on_demo = told_at_the_end(app)
        assert "shown above" in on_demo and "crash-" not in on_demo


async def wait_for(end: asyncio.Event) -> None:
    """Stand for an order under way."""
    await end.wait()


async def test_a_configuration_that_is_closed_meanwhile_is_said(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list and the setup open all the same."""
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, " first ", "online")
        close(paths.config, monkeypatch)
        await press(pilot, "P")
        await see(pilot, "cannot be read: Permission denied", "first")
        await press(pilot, "new panel", "enter")
        await see(pilot, "Set up a panel", "config.toml (added to)")


async def test_a_profile_whose_name_is_an_escape_is_listed_without_harm(paths: Paths) -> None:
    """What stands in the file reaches no terminal as a command and no widget as markup."""
    with paths.config.open("a") as file:
        file.write('[profiles."\\u001b[2J[/b]x"]\nurl = "https://panel.example"\n')
    app = app_on(paths, start(paths))
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, " first ", "online")
        await press(pilot, "P")
        await see(pilot, "\ufffd[2J[/b]x")
