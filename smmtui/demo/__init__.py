"""A whole SMM panel in memory, to practise on and to test against: `uvicorn smmtui.demo:app` serves it."""

from smmtui.demo.history import PastOrder
from smmtui.demo.market import Market, Placement
from smmtui.demo.panel import DEMO_KEY, DemoPanel

__all__ = ["DEMO_KEY", "DemoPanel", "Market", "PastOrder", "Placement", "app"]

app: DemoPanel


def __getattr__(name: str) -> DemoPanel:
    # Books of 5,000 services are written when somebody wants them, not by an import.
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    panel = globals()["app"] = DemoPanel(Market())
    return panel
