"""The setup of a panel: where it is, its key, a test of both, and where the key will be kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import ClassVar, Literal

from msgspec import Struct
from msgspec.structs import replace
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Checkbox, Input, Static

from smmtui.config import is_missing
from smmtui.domain.order_entry import Problem
from smmtui.domain.records import Balance
from smmtui.domain.service_types import Field
from smmtui.errors import BadAnswer, BadKey, ConfigError, NotSent, PanelError, RateLimited, Redirected, Refused
from smmtui.key_stores import keyring_works
from smmtui.new_panel import USUAL_URL, Keep, NewPanel, proposed_name
from smmtui.secret import Secret
from smmtui.tui.confirmation import Confirmation
from smmtui.tui.daemon import by_daemon
from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.show import literal, money, problem_line, styled
from smmtui.tui.widgets.key_bar import KeyBar
from smmtui.tui.widgets.key_field import KeyField, KeyInput
from smmtui.tui.widgets.one_of import OneOf
from smmtui.tui.widgets.order_field import OrderField
from smmtui.tui.widgets.toggle import Toggle
from smmtui.words import _

_URL = Field("url", _("API address"), hint=_("as in {url}", url=USUAL_URL))
_NAME = Field("name", _("Name here"))
_KEY = Field("key", _("API key"))
_PLACES: Mapping[Keep, str] = {
    "file": _("In a file of its own, for you only"),
    "config": _("In the configuration, for you only"),
    "keyring": _("In the keyring of the system"),
    "typed": _("Nowhere: you type it at each start"),
}
_WHERE = _("The panel's website shows address and key on its page “API”, or on that of your account.")

AskBalance = Callable[[NewPanel], Awaitable[Balance]]


class Around(Struct, frozen=True):
    """What a new panel comes to: the configuration, the names in it, and whether it is the first one to be opened.

    Where there is `no_default`, a start will have to say which of the panels is meant.
    """

    config: Path
    taken: frozenset[str] = frozenset()
    no_default: bool = False
    first: bool = False


class FilledSetup(Struct, frozen=True):
    """How the setup was left: what was typed, and what is to be done."""

    panel: NewPanel
    then: Literal["save", "demo", "back"]


@dataclass(slots=True)
class _Trial:
    """A test of what was typed, for its own sake or because it `saves`; `outcome` is None while the panel is asked."""

    panel: NewPanel
    saves: bool
    begun_in: Widget | None
    outcome: Literal["well", "ill"] | None = None

    def holds_for(self, panel: NewPanel) -> bool:
        """Whether what comes of it is true of this one too; its name and its key's place matter only to saving."""
        if self.saves and self.outcome != "well":
            return panel == self.panel
        return replace(panel, name=self.panel.name, keep=self.panel.keep) == self.panel

    def lets_save(self, panel: NewPanel) -> bool:
        """Whether this one may be saved now: the panel knows it, or the user was told why not and insists."""
        return self.holds_for(panel) and (self.outcome == "well" or (self.outcome == "ill" and self.saves))


class SetupScreen(ModalScreen[FilledSetup]):
    """Takes a new panel; `keep` is handed everything that is typed, at once. `remark` says why it is here again.

    `ask_balance` raises PanelError or ConfigError. Nothing is saved that the panel was not asked with; what it did not
    answer well is saved by saving the very same once more.
    """

    CSS_PATH = LATER_STYLES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f9,ctrl+j,ctrl+enter",
            "save",
            _("Save"),
            id="setup.save",
            tooltip=_("Test it, save it and open the panel"),
        ),
        Binding("f5", "test", _("Test"), id="setup.test", tooltip=_("Ask the panel for the balance")),
        Binding("f6", "demo", _("Demo"), id="setup.demo", tooltip=_("Try the built-in demo panel")),
        Binding("escape", "leave", _("Back (kept)"), id="setup.back", tooltip=_("Back; what was typed is kept")),
        Binding("ctrl+q,q,й", "app.quit", _("Quit"), id="setup.quit", tooltip=_("Leave smmtui")),
    ]

    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012  Textual declares it per instance

    result = query_one("#setup-result", Static)
    choice = query_one(OneOf)

    def __init__(
        self,
        panel: NewPanel,
        around: Around,
        keep: Callable[[NewPanel], None],
        ask_balance: AskBalance,
        remark: str = "",
    ) -> None:
        super().__init__()
        self._proposed = proposed_name(panel.url, around.taken)
        self._panel = panel if panel.name else replace(panel, name=self._proposed)
        # The keyring, which it may be, is found later than this is first shown.
        self._wanted = panel.keep
        self._around = around
        self._keep = keep
        self._ask_balance = ask_balance
        self._remark = remark
        self._tried = bool(remark)
        self._trial: _Trial | None = None

    def compose(self) -> ComposeResult:
        """The fields, where the key will be, what will be written, what can be done."""
        panel = self._panel
        with VerticalScroll(id="setup", can_focus=False):
            yield Static(literal(_("Set up a panel")).stylize("bold"))
            yield OrderField(_URL, panel.url)
            yield Toggle(literal(_("Send it unencrypted")), panel.allow_http, id="allow-http")
            yield OrderField(_NAME, panel.name)
            yield KeyField(_KEY, panel.key.reveal())
            yield Static(literal(_WHERE), classes="hint")
            with Horizontal(classes="beside"):
                yield Static(literal(_("The key is kept")), classes="label")
                yield OneOf(_places(keyring=False), panel.keep, id="keep")
            with Horizontal(classes="beside"):
                yield Static(literal(_("Will be written")), classes="label")
                yield Static(id="written")
            with Horizontal(id="setup-buttons"):
                yield Button(literal(_("Test")), id="test", compact=True)
                yield Button(literal(_("Save")), id="save", compact=True)
                yield Button(literal(_("Try the demo panel")), id="demo", compact=True)
            yield Static(id="setup-result")
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin with the address, all of it selected."""
        if self._remark:
            self._tell(Problem("", self._remark))
        self._show()
        self.query(OrderField).first().take_focus(whole=True)
        self._look_for_keyring(self._wanted)

    @work
    async def _look_for_keyring(self, wanted: Keep) -> None:
        """Offer the keyring where there is one: to load it takes longer than anybody should wait for the fields."""
        if await by_daemon(keyring_works):
            self.choice.offer(_places(keyring=True))
            if wanted == "keyring":
                self.choice.choose(wanted)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to go back to where nothing is open yet, but from a test."""
        return action != "leave" or not self._around.first or self._testing is not None

    def focus_next(self, selector: str | type[Widget] = "*") -> Widget | None:
        """Go on, and select what stands there: what is typed then replaces it."""
        return _selected(super().focus_next(selector))

    def focus_previous(self, selector: str | type[Widget] = "*") -> Widget | None:
        """Go back, and select what stands there."""
        return _selected(super().focus_previous(selector))

    # ── what is typed ─────────────────────────────────────────────────────────────────────────────────────────────

    def _typed(self) -> NewPanel:
        values = {field.field.name: field.value.strip() for field in self.query(OrderField)}
        return NewPanel(
            url=values["url"],
            name=values["name"],
            key=Secret(values["key"]),
            allow_http=self.query_one(Toggle).value,
            keep=next(place for place in _PLACES if place == self.choice.value),
        )

    def _show(self) -> None:
        panel = self._panel = self._typed()
        self._keep(panel)
        self.query_one(Toggle).display = panel.unencrypted
        problems = panel.problems(self._around.taken)
        for field in self.query(OrderField):
            # An empty field is no mistake before the user has tried to go on.
            words = problems.get(field.field.name, "") if field.value or self._tried else ""
            field.show_problems([Problem(field.field.name, words)] if words else [])
        self.query_one("#written", Static).update(literal("\n".join(self._written())))

    def _written(self) -> list[str]:
        config, file = self._around.config.absolute(), self._panel.key_file(self._around.config.absolute())
        lines = [_("{path} (new)", path=config) if is_missing(config) else _("{path} (added to)", path=config)]
        if file is not None:
            lines.append(_("{path} (new)", path=file))
        if self._around.no_default:
            lines.append(_("No default_profile is named there: from then on, start with smmtui --profile NAME."))
        return lines

    def on_order_field_typed(self, event: OrderField.Typed) -> None:
        """Check and keep what is there now; the name follows the address until it is the user's own."""
        event.stop()
        before = self._panel
        if event.field == _URL and before.name == self._proposed:
            self._proposed = proposed_name(self._typed().url, self._around.taken)
            self.query_one("#field-name", OrderField).put(self._proposed)
        self._show()
        self._changed()

    def on_checkbox_changed(self, event: Checkbox.Changed) -> None:
        """Check again."""
        event.stop()
        self._show()
        self._changed()

    def on_one_of_chosen(self, event: OneOf.Chosen) -> None:
        """Show what will be written now."""
        event.stop()
        self._show()
        # Also the keyring that is found late: what was said of a saving that failed still stands then.
        if self._trial is not None:
            self._changed()

    def on_order_field_entered(self, event: OrderField.Entered) -> None:
        """Enter goes to the next field, and from the last one to the test."""
        event.stop()
        fields = list(self.query(OrderField))
        later = next((field for before, field in pairwise(fields) if before.field == event.field), None)
        if later is None:
            self.action_test()
        else:
            later.take_focus(whole=True)

    # ── what is done ──────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def _testing(self) -> _Trial | None:
        return self._trial if self._trial is not None and self._trial.outcome is None else None

    def _changed(self) -> None:
        """What was said of other values is not true of these."""
        if self._trial is None or not self._trial.holds_for(self._panel):
            self._forget("")

    def _forget(self, words: str) -> None:
        self.workers.cancel_group(self, "test")
        self._trial = None
        self.result.update(literal(words))
        self.refresh_bindings()

    def _tell(self, problem: Problem) -> None:
        self.result.update(problem_line(problem))

    def _first_mistake(self, *fields: Field) -> OrderField | None:
        self._tried = True
        self._show()
        wrong = self._panel.problems(self._around.taken)
        return next(
            (each for each in self.query(OrderField) if each.field in fields and each.field.name in wrong), None
        )

    def action_test(self) -> None:
        """Ask the panel for the balance, or go to what is missing for it."""
        mistaken = self._first_mistake(_URL, _KEY)
        if mistaken is not None:
            mistaken.take_focus()
            return
        self._ask(saves=False)

    def _ask(self, *, saves: bool) -> None:
        """Ask with what is typed, unless that is being done; with `saves`, save it where the panel answers well."""
        panel, trial = self._panel, self._testing
        if trial is not None and trial.holds_for(panel):
            trial.panel, trial.saves = panel, trial.saves or saves
        else:
            trial = self._trial = _Trial(panel, saves, self.focused)
            self._test(trial)
        words = _("Asking {host} for the balance …", host=panel.host)
        if trial.saves:
            words = _("Asking {host} for the balance before it is saved …", host=panel.host)
        self.result.update(literal(words))
        self.refresh_bindings()

    @work(exclusive=True, group="test")
    async def _test(self, trial: _Trial) -> None:
        try:
            balance = await self._ask_balance(trial.panel)
        except (PanelError, ConfigError) as error:
            trial.outcome = "ill"
            again = _("Save again to keep it all the same.") if trial.saves else ""
            self._tell(Problem("", " ".join(filter(None, [_words(error), again]))))
            self._go_to_mistake(trial, error)
        else:
            trial.outcome = "well"
            amount = money(balance.amount, balance.currency)
            words = _("✓ The panel knows the key. Balance: {amount}", amount=amount)
            self.result.update(styled(words, "$text-success"))
            self._go_on(trial)
        self.refresh_bindings()

    def _go_on(self, trial: _Trial) -> None:
        if trial.saves and self._typed() == trial.panel:
            self._leave("save")
        # Enter goes on from where the test was begun, unless the user has gone elsewhere meanwhile.
        elif self.focused in (self.query_one("#test"), self.query_one(KeyInput)):
            self.set_focus(self.query_one("#save", Button))

    def _go_to_mistake(self, trial: _Trial, error: PanelError | ConfigError) -> None:
        """Put the cursor where the mistake is likely to be, unless the user has gone elsewhere meanwhile."""
        if self.focused is not trial.begun_in:
            return
        if (field := _mistaken(error)) is not None:
            self.query_one(f"#field-{field.name}", OrderField).take_focus(whole=True)
        else:
            self.set_focus(self.query_one("#save" if trial.saves else "#test", Button))

    def action_save(self) -> None:
        """Leave to have it written down once it is tested, or go to the first mistake."""
        mistaken, trial = self._first_mistake(_URL, _NAME, _KEY), self._trial
        if mistaken is not None:
            mistaken.take_focus()
        elif trial is not None and trial.lets_save(self._panel):
            self._leave("save")
        else:
            self._ask(saves=True)

    def action_demo(self) -> None:
        """Leave for the demo panel."""
        self._leave("demo")

    def action_leave(self) -> None:
        """Give up the test, or go back; what was typed is kept."""
        if self._testing is not None:
            self._forget(_("The test was given up. Nothing was saved."))
        else:
            self._leave("back")

    def _leave(self, then: Literal["save", "demo", "back"]) -> None:
        if self.is_current:
            # By the App, for this screen is gone before the message could come up from it.
            self.app.post_message(Confirmation.Confirmed())
            self.dismiss(FilledSetup(self._panel, then))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do what it says."""
        event.stop()
        {"test": self.action_test, "save": self.action_save, "demo": self.action_demo}[event.button.id or ""]()


def _places(*, keyring: bool) -> dict[str, str]:
    return {place: words for place, words in _PLACES.items() if keyring or place != "keyring"}


def _selected(widget: Widget | None) -> Widget | None:
    if isinstance(widget, Input):
        widget.select_all()
    return widget


def _mistaken(error: PanelError | ConfigError) -> Field | None:
    """The field that the error is about, None where it is about neither."""
    if isinstance(error, Refused):
        return None if isinstance(error, RateLimited) else _KEY
    return _URL if isinstance(error, BadAnswer | ConfigError | NotSent | Redirected) else None


def _words(error: PanelError | ConfigError) -> str:
    """What came of the test, and what to do."""
    if isinstance(error, BadKey):
        text = _("The panel does not take this key: “{words}”. Copy it once more from its website.", words=error)
        return " ".join([text, _("Some panels lock an address out after five wrong keys.")])
    if isinstance(error, Refused):
        return _("The panel says: “{words}”.", words=error)
    if isinstance(error, BadAnswer | Redirected):
        return " ".join([str(error), _("Check the address: it is that of the API.")])
    return str(error)
