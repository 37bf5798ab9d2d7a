"""Every way in which a journal's files can be damaged: never silently empty, no id lost while one copy is whole."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace

from smmtui.domain.clock import SystemClock
from smmtui.domain.records import Order, Outcome, State, Tracked
from smmtui.errors import JournalError
from smmtui.journal.journal import Journal
from tests.faults.forks import Placers
from tests.faults.server import FaultServer
from tests.faults.verdict import judge
from tests.journal.support import HandClock, accepted, draft

FLIPS, FLIPS_LONG = 500, 20_000
LENGTHS, LENGTHS_LONG = 30, 1000
FILES = ("journal.db", "receipts.jsonl")
# Asked for again at the panel, so that no second copy is kept.
ASKED_AGAIN = {"status": None, "word": "", "charge": None, "start_count": None, "remains": None, "trouble": ""}


@dataclass
class Start:
    """What a start after damage shows."""

    damage: str
    """What the user is told."""
    orders: list[Order] | None
    """What is there; None where the journal would not open."""
    wrong: list[str]
    """What the full check says."""


class Model:
    """A journal with orders of every state, most of which an earlier start has compared; and copies of it to harm."""

    def __init__(self, folder: Path) -> None:
        self._clock = HandClock()
        self._folder = folder
        for part in range(3):
            with self._opened() as journal:
                _fill(journal, part)
                self.orders = journal.orders()
        self.whole = {name: (folder / name).read_bytes() for name in FILES}
        self.ids = {order.id for order in self.orders if order.id is not None}

    def start_with(self, name: str, data: bytes | None) -> Start:
        """The next start, with these bytes in place of the file, or with none at all."""
        for path in self._folder.iterdir():
            if path.is_file():
                path.unlink()
        for each, content in {**self.whole, name: data}.items():
            if content is not None:
                (self._folder / each).write_bytes(content)
        self._clock.tick(1)
        return self.start()

    def start(self) -> Start:
        """The next start; where it meets damage only in reading, and says so, the one after it."""
        told = ""
        for _ in range(2):
            try:
                with self._opened() as journal:
                    return Start(f"{told} {journal.damage}".strip(), journal.orders(), journal.check())
            except JournalError as error:
                told = str(error)
        return Start(told, None, [])

    def _opened(self) -> closing[Journal]:
        return closing(Journal.open(self._folder, clock=self._clock))


def _fill(journal: Journal, part: int) -> None:
    """Twelve orders, among them one of every state in which an order can rest."""
    for number in range(7):
        sent = journal.intend(draft(f"https://example.com/{part}/{number}"))
        journal.conclude(sent.uuid, accepted(f"7{part}{number}"))
    unknown = Outcome(State.UNKNOWN, reason="no whole answer")
    for outcome in (
        unknown,
        Outcome(State.REJECTED, reason="Not enough funds"),
        Outcome(State.UNSENT, reason="Nobody listens"),
    ):
        sent = journal.intend(draft(f"https://example.com/{part}/{outcome.state.value}"))
        journal.conclude(sent.uuid, outcome)
    settled = journal.conclude(journal.intend(draft(f"https://example.com/{part}/settled")).uuid, unknown)
    journal.settle(settled.uuid, "placed", f"8{part}", {"shown": "the balance"})
    journal.track([Tracked(f"elsewhere-{part}")])


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """The journal that is harmed again and again."""
    return Model(tmp_path_factory.mktemp("journal"))


def everything(orders: list[Order] | None) -> dict[str, Order]:
    """What must never be lost: the orders by uuid, but for what the panel is asked for again."""
    return {order.uuid: replace(order, **ASKED_AGAIN) for order in orders or ()}


def assert_nothing_is_lost_unseen(model: Model, start: Start) -> None:
    """Whoever looks at the start, or at the full check, knows of everything that is not as it was."""
    if start.orders is None:
        assert start.damage, "refused without a word"
        return
    was, now = everything(model.orders), everything(start.orders)
    changed = [uuid for uuid in was.keys() | now.keys() if was.get(uuid) != now.get(uuid)]
    assert not changed or start.damage or start.wrong, [(was.get(uuid), now.get(uuid)) for uuid in changed]
    assert start.orders, "silently empty"


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", FILES)
def test_no_flipped_bit_changes_an_order_unseen(model: Model, chance: random.Random, long: bool, name: str) -> None:
    """Any one bit: every order is as it was, or the start or the full check says that something is not."""
    whole, flips = model.whole[name], (FLIPS_LONG if long else FLIPS) // len(FILES)
    noticed = refused = 0
    for _ in range(flips):
        harmed = bytearray(whole)
        harmed[place := chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        start = model.start_with(name, bytes(harmed))
        assert_nothing_is_lost_unseen(model, start)
        refused += start.orders is None
        noticed += bool(start.damage or start.wrong)
        missing = model.ids - {order.id for order in start.orders or ()}
        assert not missing or start.orders is None or start.wrong, (place, missing)
    print(f"{flips} flips in {name}: {noticed} noticed, {refused} refused to open")
    assert noticed > flips // 50


# A column of an order → what somebody, or something, has put there behind our back.
CHANGES = {
    "sequence": "sequence + 1000",
    "placed": "placed + 1",
    "state": "'rejected'",
    "id": "'4711'",
    "id, once more": "NULL",
    "reason": "'All is well'",
    "service": "'18'",
    "service_name": "'Dislikes'",
    "link": "link || '0'",
    "quantity": "quantity + 1",
    "runs": "2",
    "fields": "'[]'",
    "rate": "'1'",
    "estimate": "'1'",
    "currency": "'EUR'",
    "repeats": "'nothing'",
    "batch": "'nothing'",
}


@pytest.mark.parametrize("column", CHANGES)
@pytest.mark.parametrize("id", ["700", "726"], ids=["compared before", "new"])
def test_every_changed_column_is_told_or_mended(model: Model, tmp_path: Path, column: str, id: str) -> None:
    """A row that says something else than its receipt is as before at the next start, or is named as damaged."""
    path = tmp_path / "journal.db"
    path.write_bytes(model.whole["journal.db"])
    with closing(sqlite3.connect(path)) as database:
        name = column.partition(",")[0]
        database.execute(f"UPDATE orders SET {name} = {CHANGES[column]} WHERE id = ?", (id,))  # noqa: S608 own names
        database.commit()
    start = model.start_with("journal.db", path.read_bytes())
    named = any(id in line for line in (start.damage, *start.wrong))
    assert everything(start.orders) == everything(model.orders) or named
    assert start.damage or start.wrong or (column, id) in QUIETLY


# An order of which the receipts know more than the row is what a kill or a full disk leaves behind.
QUIETLY = {("id, once more", "726")}


def _foreign_database() -> bytes:
    with closing(sqlite3.connect(":memory:")) as other:
        other.execute("CREATE TABLE songs (title)")
        return other.serialize()


def _zeroed(page: int) -> Callable[[bytes], bytes]:
    return lambda whole: whole[: page * 4096] + bytes(4096) + whole[(page + 1) * 4096 :]


# What stands in a file's place → made of what stood there; None for no file at all.
HARMS: dict[str, Callable[[bytes], bytes | None]] = {
    "gone": lambda whole: None,
    "empty": lambda whole: b"",
    "zeroed": lambda whole: bytes(len(whole)),
    "a foreign database": lambda whole: _foreign_database(),
    "a text": lambda whole: b"Dear diary,\n" * 400,
    "its own text twice": lambda whole: whole + whole,
    "lines of JSON that are no receipts": lambda whole: b'{"hello": 1}\n[]\n1\n' * 100,
    "followed by noise": lambda whole: whole + bytes(range(256)) * 4,
    "preceded by noise": lambda whole: bytes(range(1, 100)) + whole,
    **{f"page {page} zeroed": _zeroed(page) for page in range(1, 8)},
}


HARMLESS = {"its own text twice", "followed by noise"}


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("name", FILES)
def test_every_id_comes_back_while_one_copy_is_whole(model: Model, name: str, harm: str) -> None:
    """Whatever stands in one file's place, everything is there at the next start, the same as before."""
    start = model.start_with(name, HARMS[harm](model.whole[name]))
    assert everything(start.orders) == everything(model.orders), start.damage
    assert bool(start.damage or start.wrong) == (harm not in HARMLESS)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", FILES)
def test_cut_at_any_length_everything_comes_back(model: Model, chance: random.Random, long: bool, name: str) -> None:
    """However much of a file is left, everything is there at the next start, which says what was gone."""
    whole = model.whole[name]
    lengths = [0, 1, 15, 16, 99, 100, 4095, 4096, len(whole) - 1]
    lengths += [chance.randrange(len(whole)) for _ in range(LENGTHS_LONG if long else LENGTHS)]
    for length in lengths:
        start = model.start_with(name, whole[:length])
        assert everything(start.orders) == everything(model.orders), (length, start.damage)
        assert start.damage or not start.wrong, length


# ── a disk that is full ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def placers() -> Iterator[Placers]:
    """The process that placers are forked from."""
    with Placers() as running:
        yield running


def _rooms(longest: str, size: int, fine: int) -> Iterable[int]:
    """Limits at which one write after another no longer fits; a database grows by pages, receipts by bytes."""
    if longest == "receipts.jsonl":
        return range(size, size + 4096, 4096 // (32 * fine))
    return (*range(0, size, 16384 // fine), *range(size, size + 6 * 4096, 4096 // fine))


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("longest", FILES)
def test_on_a_disk_that_is_full_at_any_write_nothing_is_lost(
    tmp_path: Path, placers: Placers, model: Model, long: bool, longest: str
) -> None:
    """Whichever write of whichever file is the last one that fits, ordering stops and the books agree."""
    # Lines that stand there twice are no damage, and make the one file longer than the other.
    files = model.whole if longest == "journal.db" else model.whole | {longest: model.whole[longest] * 4}
    assert len(files[longest]) == max(map(len, files.values()))
    sent: Counter[int] = Counter()
    unsaved = 0
    for room in _rooms(longest, len(files[longest]), 8 if long else 1):
        folder = tmp_path / str(room)
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        with FaultServer() as server:
            code = placers.wait(placers.start("running_out", folder=folder, url=server.url, room=room))
            assert code in (0, 1), "it failed: its traceback is above"
            unsaved += code
        with closing(Journal.open(folder, clock=SystemClock())) as journal:
            assert (journal.damage, journal.check()) == ("", []), room
            orders = journal.orders()
        assert everything(orders).items() >= everything(model.orders).items(), room
        verdict = judge(server.ledger, [order for order in orders if "/full/" in order.link])
        assert verdict.kept, (room, verdict)
        sent[len(server.ledger.orders)] += 1
    print(f"orders sent → how often: {dict(sorted(sent.items()))}; {unsaved} outcomes could not be saved")
    assert 0 in sent and len(sent) > 2


def test_an_id_that_only_the_receipts_took_is_found_beside_a_living_window(tmp_path: Path) -> None:
    """The window that could not write its outcome is gone, another one runs: the order is accepted with its id."""
    clock = SystemClock()
    with closing(Journal.open(tmp_path, clock=clock)) as living:
        with closing(Journal.open(tmp_path, clock=clock)) as journal:
            sent = journal.intend(draft("https://a.test/1"))
            journal._database._connection.execute("PRAGMA query_only = ON")
            with pytest.raises(JournalError, match="cannot be written"):
                journal.conclude(sent.uuid, accepted("4711"))
        (found,) = living.recover()
        assert (found.uuid, found.state, found.id) == (sent.uuid, State.ACCEPTED, "4711")
        assert living.orders() == [found]
        assert living.check() == []
