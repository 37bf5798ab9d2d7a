"""The styles that no first screen needs.

Textual reads a stylesheet before the first paint, and took a tenth of the start for those of all the dialogs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

LATER_STYLES: Final = Path(__file__).with_name("later.tcss")
"""The `CSS_PATH` of every screen but the first; the App reads it as soon as the first screen is painted."""
