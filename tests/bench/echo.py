"""An Input and nothing else: what Textual itself takes to answer a key."""

from textual.app import App, ComposeResult
from textual.widgets import Input


class Echo(App[None]):
    """One Input, which has the keys."""

    def compose(self) -> ComposeResult:
        """The field that is typed into."""
        yield Input(placeholder="painted")


if __name__ == "__main__":
    Echo().run()
