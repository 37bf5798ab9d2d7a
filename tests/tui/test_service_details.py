"""The details of one service after another: as tall as what they say, and cheap where that stays the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from smmtui.domain.records import Service
from smmtui.tui.widgets.service_details import Detailed, ServiceDetails

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
LONG = "\n".join(f"line {number}" for number in range(30))


class DetailsApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.service = Service("1", "Likes")
        self.details = ServiceDetails(lambda: Detailed(self.service, False, (), NOON))

    def compose(self) -> ComposeResult:
        yield self.details


def lines(app: DetailsApp) -> list[str]:
    """What the screen shows, without the scrollbar."""
    return [
        "".join(each.text for each in line)[:38].rstrip() for line in app.screen._compositor.render_strips(app.size)
    ]


async def shown(pilot: Pilot[None], service: Service) -> list[str]:
    """Show a service and return the screen."""
    assert isinstance(pilot.app, DetailsApp)
    pilot.app.service = service
    pilot.app.details.show()
    await pilot.pause()
    await pilot.pause()
    return lines(pilot.app)


@pytest.mark.parametrize(("name", "description"), [("Views", LONG), ("Views", "text"), ("a long name " * 9, "text")])
async def test_every_line_of_each_service_can_be_read(name: str, description: str) -> None:
    """Of a longer one after a shorter one nothing is cut off, and of a shorter one after it nothing is left over."""
    app = DetailsApp()
    async with app.run_test(size=(40, 20)) as pilot:
        short = await shown(pilot, Service("1", "Likes"))
        assert (await shown(pilot, Service("2", name, description=description)))[0].startswith(name[:20])
        app.details.scroll_end(animate=False)
        await pilot.pause()
        assert [line for line in lines(app) if line][-1] == description.splitlines()[-1]
        assert await shown(pilot, Service("1", "Likes")) == short


async def test_the_next_service_is_shown_from_its_top() -> None:
    """Whoever had read on in one service begins with the next one at its name."""
    app = DetailsApp()
    async with app.run_test(size=(40, 20)) as pilot:
        await shown(pilot, Service("1", "Likes", description=LONG))
        app.details.scroll_end(animate=False)
        await pilot.pause()
        assert "line 29" in lines(app)
        assert (await shown(pilot, Service("2", "Views", description=LONG)))[0] == "Views"


async def test_services_with_as_many_lines_need_no_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole screen is laid out only when the height changes."""
    app = DetailsApp()
    async with app.run_test(size=(40, 20)) as pilot:
        await shown(pilot, Service("1", "Likes"))
        layouts: list[object] = []
        lay_out = app.screen._refresh_layout

        def noted(*args: Any, **kwargs: Any) -> None:
            layouts.append(args)
            lay_out(*args, **kwargs)

        monkeypatch.setattr(app.screen, "_refresh_layout", noted)
        assert "Views" in await shown(pilot, Service("2", "Views"))
        assert layouts == []
        await shown(pilot, Service("3", "Shares", description="text"))
        assert layouts
