"""Rows into files that the user names."""

from __future__ import annotations

import csv
import json
import os
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from smmtui.domain.orders_file import read_orders
from smmtui.domain.records import Order, Service, State
from smmtui.tui import exporting
from smmtui.tui.exporting import export, suggested_name
from smmtui.tui.kinds import ORDERS, SERVICES

ROWS = [
    Service("1", "=HYPERLINK(1)", rate=Decimal("0.50"), min=10),
    Service("2", 'Likes, "real"\nfast', category="é", refill=True),
]
NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)


def test_csv_by_its_ending(tmp_path: Path) -> None:
    """A file in .csv can be read back by any reader, for its owner only, and no cell begins a formula."""
    path = export(SERVICES, ROWS, "out.CSV")
    assert path == tmp_path / "out.CSV"
    assert path.stat().st_mode & 0o777 == 0o600
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["id"], row["name"], row["rate"]) for row in rows] == [
        ("1", "'=HYPERLINK(1)", "0.50"),
        ("2", 'Likes, "real"\nfast', ""),
    ]


def test_json_by_its_ending() -> None:
    """A file in .json is one array, a file in .jsonl has an exact object a line."""
    names = [row.name for row in ROWS]
    assert [row["name"] for row in json.loads(export(SERVICES, ROWS, "out.json").read_text("utf-8"))] == names
    assert json.loads(export(SERVICES, [], "none.json").read_text("utf-8")) == []
    lines = export(SERVICES, ROWS, "out.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["name"] for line in lines] == names


def test_orders_in_a_json_array_can_be_read_back() -> None:
    """What is exported as one array is imported like lines."""
    order = Order("0" * 32, 1, State.REJECTED, service="7", link="https://x.example/[", placed=NOON)
    found = read_orders(export(ORDERS, [order, order], "orders.json").read_bytes())
    assert found.problems == []
    assert [each for _, each in found.orders] == [order, order]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("there.csv", "already"),
        ("folder.csv", "already"),
        ("link.csv", "already"),
        ("no/such/out.csv", "no such folder"),
        ("out.xlsx", r"end in \.csv, \.json or \.jsonl"),
        ("out", r"end in \.csv, \.json or \.jsonl"),
        ("~nobody-by-this-name/out.csv", "no such home folder"),
        ("a" * 300 + ".csv", "name too long"),
        ("out\x00.csv", "could not be written"),
    ],
)
def test_what_cannot_be_written_is_said(tmp_path: Path, typed: str, words: str) -> None:
    """Nothing is overwritten, nothing is left behind, and the words say why."""
    (tmp_path / "there.csv").write_text("mine")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "link.csv").symlink_to("nowhere.csv")
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(ValueError, match=f"(?i){words}"):
        export(SERVICES, ROWS, typed)
    assert sorted(os.listdir(tmp_path)) == before
    assert (tmp_path / "there.csv").read_text() == "mine"


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full there is no half file, and not an empty one either."""

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("smmtui.durable.sync", full)
    with pytest.raises(ValueError, match="No space left"):
        export(SERVICES, ROWS, "out.csv")
    assert os.listdir(tmp_path) == []


def test_the_home_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path may begin with ~."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert exporting.export(SERVICES, ROWS, "~/out.csv").parent == tmp_path


def test_the_name_suggested_is_free(tmp_path: Path) -> None:
    """The suggestion is dated, and counts on where such a file is there already."""
    name = suggested_name(SERVICES, NOON)
    assert name == "services-2026-03-14.csv"
    (tmp_path / name).touch()
    assert suggested_name(SERVICES, NOON) == "services-2026-03-14-2.csv"
