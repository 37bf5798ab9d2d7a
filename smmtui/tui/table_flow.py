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
from smmtui.tui.shown_keys import key_of
from smmtui.tui.table_wishes import ColumnsWish, CopyWish, ExportWish, OpenWish, SortWish, Wish
from smmtui.words import _, ngettext

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
            self._app.toast(_("Nothing to copy"), wish.what.none, "warning", _SECONDS)
            return
        text = wish.between.join(map(terminal_safe, wish.texts))
        what = wish.what.counted(len(wish.texts))
        program = await asyncio.to_thread(copy_by_program, text)
        if program:
            words = _("{what}, by {program}.", what=what, program=program)
        elif fits_terminal(text):
            self._app.copy_to_clipboard(text)
            words = _("{what}, through the terminal (OSC 52), if yours allows that.", what=what)
        else:
            words = _(
                "{what} are more than a terminal takes. Install wl-copy or xclip, or write them to a file with {key}.",
                what=what,
                key=key_of(self._app, "table.export"),
            )
            self._app.toast(_("Not copied"), words, "warning", _SECONDS * 2)
            return
        self._app.toast(_("Copied"), f"{words}{_missing(wish)}", "information", _SECONDS)

    async def _open(self, wish: OpenWish) -> None:
        address = web_address(wish.address)
        if address is None:
            no_address = _("“{address}” is no web address that can be opened.", address=wish.address)
            words = no_address if wish.address else _("There is no link here.")
            self._app.toast(_("Not opened"), words, "warning", _SECONDS)
            return
        body = Content("\n").join([styled(address.host, "bold"), literal(address.url)])
        if await self._app.ask(Confirmation(_("Open this link in your browser?"), body, _("Open it"))):
            trouble = await asyncio.to_thread(open_in_browser, address)
            if trouble:
                self._app.toast(_("Not opened"), trouble, "warning", _SECONDS * 2)

    async def _export(self, wish: ExportWish) -> None:
        if not wish.rows:
            self._app.toast(_("Nothing to export"), wish.kind.none, "warning", _SECONDS)
            return
        what = wish.kind.counted(len(wish.rows))
        text = _(
            "{what} ({which}), with everything known of them. The ending of the name decides: {endings}.",
            what=what,
            which=wish.words,
            endings=_(" or ").join(wish.kind.forms),
        )
        name = suggested_name(wish.kind, self._desk.clock.now())
        path = await self._app.ask(SaveFile(_("Export to a file"), text, name, partial(export, wish.kind, wish.rows)))
        if path is not None:
            text = _("{what} to {path}.", what=what, path=path)
            self._app.toast(_("Exported"), text, "information", _SECONDS * 2)


def _missing(wish: CopyWish) -> str:
    missing = wish.rows - len(wish.texts)
    if not missing:
        return ""
    return " " + ngettext("{count} of the rows has none.", "{count} of the rows have none.", missing)
