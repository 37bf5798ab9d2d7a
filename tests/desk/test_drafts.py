"""Half-typed orders: kept by service, forgotten when placed."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from smmtui.desk.drafts import Drafts
from smmtui.domain.order_entry import OrderEntry
from smmtui.domain.records import Service
from tests.desk.support import Rig
from tests.faults.server import KEY

SERVICE, OTHER = Service("7", "Followers"), Service("8", "Likes")
TYPED = OrderEntry(SERVICE, {"link": "x", "quantity": "1k"}, "server=2", (), None, "for Ada", "vip june")


async def test_what_was_typed_is_there_in_the_next_session(tmp_path: Path) -> None:
    """All of it: values as typed, extra parameters, note and tags."""
    rig = Rig.at(tmp_path, "http://127.0.0.1:9", KEY)
    async with rig.desk(online=False) as desk:
        drafts = Drafts(desk.remembered)
        drafts.keep(OrderEntry(OTHER, {"link": "y"}))
        drafts.keep(TYPED)
    async with rig.desk(online=False) as desk:
        drafts = Drafts(desk.remembered)
        assert drafts.entry(SERVICE) == TYPED
        assert drafts.entry(SERVICE, (("style", "fast"),)) == replace(TYPED, defaults=(("style", "fast"),))
        assert drafts.entry(OTHER).values == {"link": "y"}
        drafts.drop(TYPED)
        assert SERVICE not in drafts
        assert OTHER in drafts


async def test_a_repeat_is_nothing_to_begin_another_order_with(tmp_path: Path) -> None:
    """What was typed into the form of a repeat is not kept for the service, nor does it take a draft's place."""
    async with Rig.at(tmp_path, "http://127.0.0.1:9", KEY).desk(online=False) as desk:
        drafts = Drafts(desk.remembered)
        drafts.keep(replace(TYPED, repeats="a" * 32))
        assert SERVICE not in drafts
        drafts.keep(TYPED)
        drafts.keep(replace(TYPED, repeats="a" * 32, values={"link": "of the old customer"}))
        drafts.drop(replace(TYPED, repeats="a" * 32, values={}))
        assert drafts.entry(SERVICE) == TYPED


async def test_only_what_was_placed_is_forgotten(tmp_path: Path) -> None:
    """A draft that says something else, and one of which nothing is left, are told apart."""
    async with Rig.at(tmp_path, "http://127.0.0.1:9", KEY).desk(online=False) as desk:
        drafts = Drafts(desk.remembered)
        drafts.keep(TYPED)
        drafts.drop(replace(TYPED, values={"link": "another"}))
        assert drafts.entry(SERVICE) == TYPED
        drafts.keep(replace(TYPED, values={"link": "  "}, extra="", note="", tags=""))
        assert SERVICE not in drafts


async def test_the_oldest_make_room(tmp_path: Path) -> None:
    """The 200 that were typed last are kept; typing again counts."""
    async with Rig.at(tmp_path, "http://127.0.0.1:9", KEY).desk(online=False) as desk:
        drafts = Drafts(desk.remembered)
        services = [Service(str(number), "S") for number in range(200)]
        for service in services:
            drafts.keep(OrderEntry(service, {"link": "x"}))
        drafts.keep(OrderEntry(services[0], {"link": "y"}))
        drafts.keep(OrderEntry(Service("new", "S"), {"link": "x"}))
        assert services[0] in drafts
        assert services[1] not in drafts


async def test_a_draft_of_another_version_is_no_error(tmp_path: Path) -> None:
    """What cannot be read is an empty form."""
    async with Rig.at(tmp_path, "http://127.0.0.1:9", KEY).desk(online=False) as desk:
        for odd in ({"7": {"values": 3}}, {"7": "text"}, ["7"], {"7": {"unheard": 1, "note": None}}):
            desk.remembered.set("drafts", odd)
            assert Drafts(desk.remembered).entry(SERVICE) == OrderEntry(SERVICE)
