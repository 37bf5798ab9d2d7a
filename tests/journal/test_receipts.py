"""The second, plain-text copy."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smmtui.journal.receipts import Receipts


def contents(receipts: Receipts) -> list[dict[str, object] | None]:
    """What the lines say, None for a damaged one."""
    return [line.content for line in receipts.read()]


def test_lines_come_back_in_order(tmp_path: Path) -> None:
    """What was appended is read again, and nothing is read where there is no file."""
    receipts = Receipts(tmp_path)
    assert contents(receipts) == []
    receipts.append({"a": "ı"})
    receipts.append({"b": 1}, {"c": [["x", "y"]]})
    assert contents(receipts) == [{"a": "ı"}, {"b": 1}, {"c": [["x", "y"]]}]


def test_a_torn_line_costs_only_itself(tmp_path: Path) -> None:
    """After a kill in mid-write the next receipt starts on a line of its own."""
    receipts = Receipts(tmp_path)
    receipts.append({"first": 1}, {"second": 2})
    receipts.path.write_bytes(receipts.path.read_bytes()[:-9])
    receipts.append({"third": 3})
    lines = list(receipts.read())
    assert [line.content for line in lines] == [{"first": 1}, None, {"third": 3}]
    assert [line.torn for line in lines] == [False, True, False]
    assert lines[1].number == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_no_flipped_bit_goes_unseen(tmp_path: Path, place: int, bit: int) -> None:
    """A line with any one bit changed is never read as a good line that says something else."""
    receipts = Receipts(tmp_path)
    receipts.path.unlink(missing_ok=True)
    wanted: dict[str, object] = {"id": "23501", "link": "https://example.com/ü", "n": 3}
    receipts.append(wanted)
    data = bytearray(receipts.path.read_bytes())
    data[place % len(data)] ^= 1 << bit
    receipts.path.write_bytes(data)
    assert all(content in (wanted, None) for content in contents(receipts))


def test_whatever_stands_in_the_file_reading_goes_on(tmp_path: Path) -> None:
    """Binary rubbish, foreign JSON and a deep nest are damaged lines, not errors."""
    receipts = Receipts(tmp_path)
    receipts.path.write_bytes(b"\xff\xfe\x00\n[1]\n" + b"[" * 100_000 + b"\n{}\n")
    receipts.append({"good": 1})
    assert contents(receipts) == [None, None, None, None, {"good": 1}]
