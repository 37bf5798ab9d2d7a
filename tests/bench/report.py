"""The lines of a bench's table: a median, what it is compared with, and whether the target is met."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

MISSING = "peer missing"


def line(what: str, figure: float, against: str, yardstick: float | None, target: float, unit: str = "ms") -> None:
    """Print a figure, its yardstick and their ratio; without a yardstick nothing is met."""
    told = f"{what:<46} {figure:9.2f} {unit}  "
    if yardstick is None:
        print(f"{told}{against}: {MISSING}", flush=True)
        return
    ratio = figure / yardstick
    verdict = "met" if ratio <= target else "NOT MET"
    print(f"{told}{ratio:6.2f} × {against} ({yardstick:.2f} {unit}), target ≤ {target:g} ×: {verdict}", flush=True)


def limit(what: str, figure: float, target: float, unit: str = "ms") -> None:
    """Print a figure that has a target of its own."""
    verdict = "met" if figure <= target else "NOT MET"
    print(f"{what:<46} {figure:9.2f} {unit}  target ≤ {target:g} {unit}: {verdict}", flush=True)


def ms(seconds: Sequence[float]) -> float:
    """Return the median in milliseconds."""
    return median(seconds) * 1000
