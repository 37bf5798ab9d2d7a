"""What the system is told of our memory: who may not look into it, and that there need be no more of it than is used.

Loading ctypes takes longer than the first paint should wait, so all of this is for after it.
"""

from __future__ import annotations

import sys

_PR_SET_DUMPABLE = 4
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
_LARGE = 128 * 1024


def close_to_others() -> None:
    """Keep the user's other programs, and core dumps that are piped into one, from reading it (Linux)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0)


def share_among_threads() -> None:
    """Have later threads take from the heap that is there, and what is large given back when it is freed (glibc).

    Else each thread has a heap of its own, and what one has freed no other can use.
    """
    import ctypes

    if (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)) is not None:
        mallopt(_M_ARENA_MAX, 1)
        mallopt(_M_MMAP_THRESHOLD, _LARGE)
