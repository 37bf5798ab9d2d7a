"""How text comes into a widget: a `str` that is no constant of ours only through `literal` and `styled`."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

import smmtui

TUI = Path(smmtui.__file__).parent / "tui"
# These two make the text safe themselves: the one helper, and the table's painter, which cleans what it cuts.
MAKERS = {TUI / "show.py", TUI / "widgets" / "row_lines.py"}

# Where Textual takes a `str` for markup: call → the argument's position and its names.
SINKS: dict[str, tuple[int | None, tuple[str, ...]]] = {
    **dict.fromkeys(("Static", "Label", "update"), (0, ("content",))),
    **dict.fromkeys(("Button", "Checkbox", "RadioButton", "Toggle"), (0, ("label", "tooltip"))),
    **dict.fromkeys(("Option", "DiscoveryHit"), (0, ("prompt", "display", "help"))),
    **dict.fromkeys(("TabPane", "Tab", "Collapsible"), (0, ("title", "label"))),
    "Hit": (1, ("match_display", "help")),
    "TextArea": (None, ("placeholder",)),
    "add_option": (0, ("item",)),
}
ATTRIBUTES = {"border_title", "border_subtitle", "tooltip", "label"}
PARSERS = {"from_markup", "from_text", "from_rich_text", "from_ansi", "Markdown"}


class Reader:
    """Reads one file of the package and names every place at which foreign text could be taken for markup."""

    def __init__(self, tree: ast.Module, made: set[str]) -> None:
        self._made = made
        self._scopes: list[ast.Module | ast.FunctionDef | ast.AsyncFunctionDef] = []
        self._kept: dict[str, bool] = {}
        self.found: list[str] = []
        # Twice, for what an object keeps is known only when all of its methods have been read.
        for _ in range(2):
            self.found.clear()
            self._read(tree)

    def _read(self, node: ast.AST) -> None:
        opens = isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef):
            self._scopes.append(node)
        for wrong in self._wrong(node):
            self.found.append(f"{getattr(wrong, 'lineno', 0)}: {ast.unparse(wrong)}")
        for child in ast.iter_child_nodes(node):
            self._read(child)
        if opens:
            self._scopes.pop()

    def _wrong(self, node: ast.AST) -> Iterator[ast.AST]:
        if isinstance(node, ast.Assign):
            for target in (each for each in node.targets if isinstance(each, ast.Attribute)):
                self._kept[target.attr] = self._kept.get(target.attr, True) and self._is_ours(node.value)
                if target.attr in ATTRIBUTES:
                    yield from self._foreign(node.value)
        elif isinstance(node, ast.Call):
            name = _name(node.func)
            if name in PARSERS or (name == "notify" and not _without_markup(node)):
                yield node
            elif name in SINKS:
                place, names = SINKS[name]
                given = [] if place is None else node.args[place : place + 1]
                for each in [*given, *(keyword.value for keyword in node.keywords if keyword.arg in names)]:
                    yield from self._foreign(each)
            elif _makes_content(node.func):
                for each in node.args if _name(node.func) == "assemble" else node.args[:1]:
                    yield from self._foreign(each.elts[0] if isinstance(each, ast.Tuple) else each)

    def _foreign(self, value: ast.expr) -> Iterator[ast.AST]:
        if not self._is_ours(value):
            yield value

    def _is_ours(self, value: ast.expr) -> bool:
        """Whether an expression is a constant, or text that was made for the screen."""
        match value:
            case ast.Constant():
                return True
            case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other, op=ast.Add()):
                return self._is_ours(one) and self._is_ours(other)
            case ast.Call(func=ast.Attribute(value=ast.expr() as before) as func) if func.attr not in self._made:
                return _makes_content(func) or self._is_ours(before)
            case ast.Call(func=func):
                return _makes_content(func) or _name(func) in self._made
            case ast.Attribute(attr=attr):
                return attr in self._made or self._kept.get(attr, False)
            case ast.Name(id=name):
                return self._is_named_ours(name)
        return False

    def _is_named_ours(self, name: str) -> bool:
        for scope in reversed(self._scopes):
            if not isinstance(scope, ast.Module):
                arguments = scope.args.posonlyargs + scope.args.args + scope.args.kwonlyargs
                for each in arguments:
                    if each.arg == name:
                        return each.annotation is not None and ast.unparse(each.annotation) == "Content"
            values = [
                node.value
                for node in ast.walk(scope)
                if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.NamedExpr) and node.value
                for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
                if isinstance(target, ast.Name) and target.id == name
            ]
            if values:
                return all(map(self._is_ours, values))
        return False


def _name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def _makes_content(func: ast.expr) -> bool:
    """`Content(…)`, `Content.assemble(…)`, `Content.styled(…)`, `Text(…)`."""
    root = func.value if isinstance(func, ast.Attribute) else func
    return isinstance(root, ast.Name) and root.id in ("Content", "Text")


def _without_markup(call: ast.Call) -> bool:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    return isinstance(markup := given.get("markup"), ast.Constant) and markup.value is False


def makers_of(trees: Iterable[ast.Module]) -> dict[str, bool]:
    """Every function and property, and whether all of its namesakes say that they return `Content`."""
    made: dict[str, bool] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                returned = "" if node.returns is None else ast.unparse(node.returns)
                made[node.name] = made.get(node.name, True) and returned == "Content"
    return made


def read(tree: ast.Module, everywhere: Mapping[str, bool]) -> list[str]:
    """What is wrong in a file, beside whose own functions there are those of all others."""
    made = {**everywhere, **makers_of([tree])}
    return Reader(tree, {"terminal_safe", *(name for name, always in made.items() if always)}).found


def test_foreign_text_comes_into_widgets_by_one_helper_only() -> None:
    """No file hands a widget a `str` that is not a constant, or makes markup of it."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted(TUI.rglob("*.py"))}
    everywhere = makers_of(trees.values())
    found = {
        str(path.relative_to(TUI)): wrong
        for path, tree in trees.items()
        if path not in MAKERS and (wrong := read(tree, everywhere))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        "Static(service.name)",
        "Static(f'{service.name}')",
        "Label('x' + name)",
        "self.banner.update(words)",
        "pane.border_title = order.id",
        "pane.tooltip = f'{name}'",
        "options.add_option(Option(service.name))",
        "Content(order.link)",
        "Content.assemble('a', (order.link, 'bold'))",
        "Content.from_markup('[b]x')",
        "def f(words: str) -> None:\n    Static(words)",
        "def f() -> None:\n    line = literal('x')\n    line += name\n    Static(line)",
        "app.notify(text)",
        "app.notify(text, markup=maybe)",
        "DiscoveryHit('x', run, help=name)",
        "Hit(1, name, run)",
        "Text(str(error))",
    ],
)
def test_the_check_finds_foreign_text(source: str) -> None:
    """Every known way of handing over a foreign `str` is found."""
    assert read(ast.parse(source), {})


@pytest.mark.parametrize(
    "source",
    [
        "Static('Timeline')",
        "Static(literal(service.name), id=name)",
        "Static(literal(name).stylize('bold') + styled(name, 'dim'))",
        "Static(Content(' ').join(parts))",
        "self.banner.update(literal('x') if a else Content('y'))",
        "def f(words: Content) -> None:\n    line = words + literal('x')\n    Static(line)",
        "app.notify(text, markup=False)",
        "Text(terminal_safe(str(error)))",
        "_TITLE = 'x'\nStatic(_TITLE)",
    ],
)
def test_the_check_lets_made_text_pass(source: str) -> None:
    """Constants, and what the helpers made, are no finding."""
    assert not read(ast.parse(source), {"literal": True, "styled": True})
