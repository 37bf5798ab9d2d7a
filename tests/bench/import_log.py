"""Runs smmtui and writes into the file named first when the HTTP library began to be loaded (`time.perf_counter`)."""

import sys
import time
from pathlib import Path


def _watch(log: Path) -> None:
    def hear(event: str, arguments: tuple[object, ...]) -> None:
        if event == "import" and str(arguments[0]).split(".")[0] in ("httpx", "httpcore") and not log.exists():
            log.write_text(repr(time.perf_counter()))

    log.unlink(missing_ok=True)
    sys.addaudithook(hear)


if __name__ == "__main__":
    _watch(Path(sys.argv.pop(1)))
    from smmtui.program import main

    main()
