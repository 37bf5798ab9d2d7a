"""The least that a Textual app can be: one line of text. What any other app takes is compared with it."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Minimal(App[None]):
    """One Static."""

    def compose(self) -> ComposeResult:
        """The line that the bench waits for."""
        yield Static("painted", markup=False)


if __name__ == "__main__":
    Minimal().run()
