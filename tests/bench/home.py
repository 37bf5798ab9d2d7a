"""A home folder with a panel's account in it, and the panel, in a process of its own, behind a real socket."""

from __future__ import annotations

import gzip
import http.server
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.catalogs import panel_bytes
from tests.tui.terminal import PROGRAM, clean_environment

ACCOUNT = "bench"
KEY = "bench-" + "k" * 26


class Home:
    """Where one profile's files are; `command` starts smmtui there."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.env = clean_environment(folder) | {"PYTHONPATH": str(_without_test_tools(folder))}
        self._snapshot = folder / "cache" / "smmtui" / ACCOUNT / "services.json"
        config = folder / "config" / "smmtui" / "config.toml"
        config.parent.mkdir(parents=True, mode=0o700)
        config.write_text(f'[profiles.bench]\naccount = "{ACCOUNT}"\nurl = "{url}"\nkey = "{KEY}"\n')
        config.chmod(0o600)
        self.command = [str(PROGRAM)]

    def cache(self, rows: int) -> None:
        """Keep a catalogue of so many services as if it had just come, or none."""
        shutil.rmtree(self._snapshot.parent, ignore_errors=True)
        if not rows:
            return
        stored = self.folder / f"{rows}.json"
        if not stored.exists():
            stored.write_bytes(panel_bytes(rows))
            # What is on its way to the disk would hold up the start that is measured.
            os.sync()
        self._snapshot.parent.mkdir(parents=True, mode=0o700)
        os.link(stored, self._snapshot)
        os.utime(self._snapshot)


def _without_test_tools(folder: Path) -> Path:
    """Hide what only the test tools have brought: with click beside it, httpx loads a command line of its own."""
    hidden = folder / "hidden"
    hidden.mkdir()
    (hidden / "click.py").write_text("raise ImportError")
    return hidden


@contextmanager
def home(rows: int = 0) -> Iterator[Home]:
    """A home whose panel answers with a balance and, when asked, with a catalogue of so many services."""
    with tempfile.TemporaryDirectory(prefix="smmtui-bench-") as folder:
        command = [sys.executable, "-m", "tests.bench.home", str(rows)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as panel:
            assert panel.stdout is not None
            try:
                yield Home(Path(folder), panel.stdout.readline().strip())
            finally:
                panel.kill()


class Panel(http.server.BaseHTTPRequestHandler):
    """A panel that knows two actions."""

    protocol_version = "HTTP/1.1"
    catalog = b""

    def do_POST(self) -> None:
        """Answer a request."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        action = urllib.parse.parse_qs(body)["action"][0]
        answer = gzip.compress(b'{"balance": "100.5", "currency": "USD"}') if action == "balance" else self.catalog
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


class Server(http.server.ThreadingHTTPServer):
    """Does not mind that its customer is killed in the middle of an answer."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Go on."""


def main() -> None:
    """Serve until killed; the address is printed first."""
    os.nice(5)
    Panel.catalog = gzip.compress(panel_bytes(int(sys.argv[1])) if int(sys.argv[1]) else b"[]", 6)
    with Server(("127.0.0.1", 0), Panel) as server:
        print(f"http://127.0.0.1:{server.server_port}/api/v2", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
