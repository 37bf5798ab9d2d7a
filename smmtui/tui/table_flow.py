"""What every table can be asked for: sorting, columns, copies, links, files."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from smmtui.desk.desk import Desk
from smmtui.domain.foreign_text import terminal_safe
from smmtui.tui.clipboard import copy_by_program, fits_terminal
from smmtui.tui.confirmation import Confirmation
from smmtui.tui.exporting import export, suggested_name
from smmtui.tui.opening import open_in_browser, web_address
from smmtui.tui.screens.choose_columns import ChooseColumns
from smmtui.tui.screens.choose_sort import ChooseSort
from smmtui.tui.screens.save_file import SaveFile
from smmtui.tui.show import literal, styled
from smmtui.tui.table_wishes import ColumnsWish, CopyWish, ExportWish, OpenWish, SortWish, Wish

if TYPE_CHECKING:
    from smmtui.tui.serving_app import ServingApp

_SECONDS = 8


class TableFlow:
    """Carries out what a table screen wishes, with the dialogs it takes."""

    def __init__(self, app: ServingApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk

    async def carry_out(self, wish: Wish) -> None:
        """Do what is wished; what the user breaks off changes nothing."""
        match wish:
            case SortWish():
                sorting = await self._app.ask(ChooseSort(wish.titles, wish.sorting))
                if sorting is not None:
                    wish.take(sorting)
            case ColumnsWish():
                choices = await self._app.ask(ChooseColumns(wish.columns, wish.choices, wish.drawn))
                if choices is not None:
                    wish.take(choices)
            case CopyWish():
                await self._copy(wish)
            case OpenWish():
                await self._open(wish)
            case ExportWish():
                await self._export(wish)

    async def _copy(self, wish: CopyWish) -> None:
        if not wish.texts:
            self._app.toast("Nothing to copy", f"There is no {wish.what} yet.", "warning", _SECONDS)
            return
        text = wish.between.join(map(terminal_safe, wish.texts))
        missing = wish.rows - len(wish.texts)
        what = f"{len(wish.texts):,} {wish.what}{'s' if len(wish.texts) > 1 else ''}"
        aside = f" {missing:,} of the rows have none." if missing else ""
        program = await asyncio.to_thread(copy_by_program, text)
        if program:
            self._app.toast("Copied", f"{what}, by {program}.{aside}", "information", _SECONDS)
        elif fits_terminal(text):
            self._app.copy_to_clipboard(text)
            way = "through the terminal (OSC 52), if yours allows that"
            self._app.toast("Copied", f"{what}, {way}.{aside}", "information", _SECONDS)
        else:
            words = f"{what} are more than a terminal takes. Install wl-copy or xclip, or write them to a file with x."
            self._app.toast("Not copied", words, "warning", _SECONDS * 2)

    async def _open(self, wish: OpenWish) -> None:
        address = web_address(wish.address)
        if address is None:
            no_address = f"“{wish.address}” is no web address that can be opened."
            words = no_address if wish.address else "There is no link here."
            self._app.toast("Not opened", words, "warning", _SECONDS)
            return
        body = Content("\n").join([styled(address.host, "bold"), literal(address.url)])
        if await self._app.ask(Confirmation("Open this link in your browser?", body, "Open it")):
            trouble = await asyncio.to_thread(open_in_browser, address)
            if trouble:
                self._app.toast("Not opened", trouble, "warning", _SECONDS * 2)

    async def _export(self, wish: ExportWish) -> None:
        what = wish.kind.counted(wish.rows)
        if not wish.rows:
            self._app.toast("Nothing to export", f"There are no {wish.kind.many} here.", "warning", _SECONDS)
            return
        endings = " or ".join(wish.kind.forms)
        text = f"{what} ({wish.words}), with everything known of them. The ending of the name decides: {endings}."
        name = suggested_name(wish.kind, self._desk.clock.now())
        path = await self._app.ask(SaveFile("Export to a file", text, name, partial(export, wish.kind, wish.rows)))
        if path is not None:
            self._app.toast("Exported", f"{what} to {path}.", "information", _SECONDS * 2)
