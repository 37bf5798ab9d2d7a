"""A catalogue read in parts, and the beginning of one."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmtui.errors import BadAnswer
from smmtui.panel import catalog_rows
from smmtui.panel.catalog_rows import first_services, read_services

# What looks like the place between two rows, within strings and deeper lists too.
texts = st.sampled_from(["plain", "a},{b", '"},{"', "}]", "\\", '\\\\"},{', "é🔥"])
nested: st.SearchStrategy[object] = st.sampled_from([None, [{"a": 1}, {"b": 2}], {"x": [{}, {}]}, 1e-7, 2])
rows = st.builds(
    lambda id, name, more: {"service": id, "name": name, "rate": "0.5", "more": more},
    st.integers(0, 12),
    texts,
    nested,
)
bodies = st.builds(
    lambda rows, dense: json.dumps(rows, separators=(",", ":") if dense else None, ensure_ascii=False).encode(),
    st.lists(rows, max_size=12),
    st.booleans(),
)


@pytest.fixture(scope="module")
def tiny_parts() -> Iterator[None]:
    """Have every few rows be a part of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalog_rows, "_PART", 40)
        yield


def _outcome(raw: bytes) -> object:
    try:
        return read_services(raw)
    except BadAnswer as error:
        return str(error)


@given(bodies, st.integers(0, 30), st.binary(max_size=2))
@pytest.mark.usefixtures("tiny_parts")
def test_the_parts_make_up_the_whole(raw: bytes, cut: int, damage: bytes) -> None:
    """Wherever it is parted, the services, what was skipped and what is wrong are those of reading it as a whole."""
    body = raw[: len(raw) - cut] + damage if cut else raw
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalog_rows, "_PART", len(body) + 1)
        whole = _outcome(body)
    assert _outcome(body) == whole


def test_a_number_and_a_flag_are_not_taken_for_each_other() -> None:
    """What recurs is read once, but true is not 1, and a text is not the number that it spells."""
    body = [{"service": n + 1, "name": "x", "min": value} for n, value in enumerate(["1", 1, True, 1.0, "true", "1"])]
    assert [service.min for service in read_services(json.dumps(body).encode()).services] == [1, 1, None, 1, None, 1]


@given(bodies, st.integers(0, 400), st.integers(1, 9))
def test_the_first_services_are_the_first_ones(raw: bytes, size: int, most: int) -> None:
    """However much of the beginning is there, what is read of it stands first in the whole."""
    first = first_services(raw[:size], most)
    try:
        services = read_services(raw).services
    except BadAnswer:
        services = ()
    assert first == services[: len(first)]
    assert len(first) <= most
    if size >= len(raw):
        assert len(first) == min(most, len(services))


@pytest.mark.parametrize("raw", [b"", b"[", b"[]", b'{"1": {"name": "x"}}', b"[[{]]", b'[{"service": 1, "name": "x"'])
def test_of_what_is_no_plain_list_there_are_no_first_services(raw: bytes) -> None:
    """An object keyed by id, or what breaks off within the first row, has to be read whole."""
    assert first_services(raw, 5) == ()
