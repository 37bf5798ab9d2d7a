"""The installed command: smmtui, without a collection of garbage while everything is imported."""

from __future__ import annotations

import gc


def main() -> None:
    """Run smmtui as `python -m smmtui` does, a little sooner: those collections take time and find nothing."""
    gc.disable()
    from smmtui.__main__ import main

    main()
