"""The filter language of the tables: words that must all occur, and comparisons of named fields.

    Query  = every group must hold, nothing to hold means all rows
    group  = alternatives parted by "|", of which one must hold; "-" or "!" before the first negates the group
    term   = a word (substring of the row's text) or field, relation, value; "-" or "!" negates it

Words are case- and accent-blind by `fold`. `cat:a|b` asks for category a or b. A field without a value, such as
`fav:` or `note:`, asks whether the row has one. A term that cannot be read is reported, and its group left out.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any, NamedTuple
from unicodedata import combining, normalize

import msgspec

from smmtui.domain.records import Record
from smmtui.words import _

_NOT_A_LETTER = re.compile(r"[^\w\x00-\x7f]")


def fold(text: str) -> str:
    """Return the text as it is compared: small letters, compatibility forms undone, no accents, ı as i.

    Folding twice changes nothing more.
    """
    if text.isascii():
        return text.lower()
    # Letters in fancy dress (𝐈, Ⓘ, ﬁ) show their case only when undressed, and some small letters only then decompose.
    small = normalize("NFKD", normalize("NFKD", text).casefold())
    return _NOT_A_LETTER.sub(_unmarked, small).replace("ı", "i")


# For what is few and repeats in every row, such as categories and types.
fold_repeated = lru_cache(maxsize=20_000)(fold)


def _unmarked(match: re.Match[str]) -> str:
    char = match[0]
    return "" if combining(char) or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" else char


def as_latin1(folded: str) -> str:
    """Return the UTF-8 bytes of folded text as a `str` of one byte per character.

    A substring of the one is a substring of the other, and such strings are scanned faster and need less memory.
    """
    return folded if folded.isascii() else folded.encode("utf-8", "surrogatepass").decode("latin-1")


class Kind(Enum):
    """How the value of a field is written, and what a bare `field:value` asks of it."""

    TEXT = "text"  # occurs in it; `field=value` is the whole of it
    ID = "id"  # is the whole of it
    NUMBER = "number"  # 12, 0.5, 10k, 1.5M
    FLAG = "yes or no"
    AGE = "age"  # 90s, 30m, 12h, 2d, 1w


class Field(msgspec.Struct, frozen=True):
    """One named field of a row.

    `read` returns the row's value, None for unknown: folded text for TEXT and ID, a number for NUMBER, a bool for
    FLAG, seconds for AGE. An unknown value satisfies no comparison. `ids` are given where the value is whether the
    row's id is one of them.
    """

    kind: Kind
    read: Callable[[Any], Any]
    ids: Collection[str] | None = None


# What the filter of the catalogue compares, whoever looks at it.
SERVICE_FIELDS: Mapping[str, Field] = {
    "id": Field(Kind.ID, lambda service: fold(service.id)),
    "cat": Field(Kind.TEXT, lambda service: fold_repeated(service.category)),
    "type": Field(Kind.TEXT, lambda service: fold_repeated(service.type)),
    "rate": Field(Kind.NUMBER, operator.attrgetter("rate")),
    "min": Field(Kind.NUMBER, operator.attrgetter("min")),
    "max": Field(Kind.NUMBER, operator.attrgetter("max")),
    "refill": Field(Kind.FLAG, operator.attrgetter("refill")),
    "cancel": Field(Kind.FLAG, operator.attrgetter("cancel")),
}


def service_fields(favourites: Collection[str], ordered: Collection[str]) -> Mapping[str, Field]:
    """Return the fields of the catalogue with the user's own: the ids of favourites, and of services ordered before.

    The collections are looked into when a row is read, so sets are best; a query keeps the ones it was parsed with.
    """

    def within(ids: Collection[str]) -> Field:
        return Field(Kind.FLAG, lambda service: service.id in ids, ids)

    return {**SERVICE_FIELDS, "fav": within(favourites), "ordered": within(ordered)}


class Word(Record, frozen=True, gc=False):
    """A folded word that occurs in the row's folded text, or does not where `negated`; `latin1` is for scanning."""

    text: str
    latin1: str
    negated: bool = False


class Comparison(msgspec.Struct, frozen=True):
    """A field of the row stands in `relation` to `value`, or does not where `negated`."""

    field: Field
    relation: Callable[[Any, Any], bool]
    value: str | bool | Decimal
    negated: bool = False

    def holds(self, row: object) -> bool:
        """Return whether the row satisfies it."""
        return self.holds_of(self.field.read(row))

    def holds_of(self, value: object) -> bool:
        """Return whether a row with this value of the field satisfies it."""
        return (value is not None and self.relation(value, self.value)) != self.negated


Term = Word | Comparison


class Group(msgspec.Struct, frozen=True):
    """Alternatives of which one must hold, or none where `negated`."""

    terms: tuple[Term, ...]
    negated: bool = False

    @property
    def word(self) -> str | None:
        """The word, where that is all the group asks for."""
        match self:
            case Group(terms=(Word(text=text, negated=False),), negated=False):
                return text
        return None

    def narrows(self, other: Group) -> bool:
        """Return whether no row can satisfy this group without satisfying the other."""
        mine, others = self.word, other.word
        return self == other or (mine is not None and others is not None and others in mine)


class Problem(NamedTuple):
    """A term that was left out: its place in the typed text, and why, in words."""

    start: int
    end: int
    words: str


class Query(msgspec.Struct, frozen=True):
    """What was typed: groups that must all hold, and the problems of the terms that were left out."""

    groups: tuple[Group, ...] = ()
    problems: tuple[Problem, ...] = ()

    def narrows(self, earlier: Query) -> bool:
        """Return whether every hit of this query is surely among the hits of the earlier one."""
        return all(any(group.narrows(old) for group in self.groups) for old in earlier.groups)

    @property
    def asks_for_words(self) -> bool:
        """Whether the text of the rows matters."""
        return any(isinstance(term, Word) for group in self.groups for term in group.terms)

    def holds(self, text: str, row: object) -> bool:
        """Return whether a row with this folded text satisfies every group."""
        return all(_group_holds(group, text, row) for group in self.groups)


def _group_holds(group: Group, text: str, row: object) -> bool:
    return any(_term_holds(term, text, row) for term in group.terms) != group.negated


def _term_holds(term: Term, text: str, row: object) -> bool:
    return (term.text in text) != term.negated if isinstance(term, Word) else term.holds(row)


# Texts, compiled when first used: compiling all of them would be felt in the start.
_TYPED = r'\||(?:"[^"]*(?:"|$)|[^\s"|])+'
_HEAD = r"(?P<field>[^\W\d_]+)(?P<relation><=|>=|!=|[:=<>≤≥])(?!//)"
_NUMBER = r"(?P<digits>[0-9]{1,15}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})(?P<unit>[a-z]?)"

_COUNTS = {"": 1, "k": 1_000, "m": 1_000_000, "b": 1_000_000_000}
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_FLAGS = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}
_RELATIONS: dict[str, Callable[[Any, Any], bool]] = {
    ":": operator.eq,
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    "≤": operator.le,
    ">=": operator.ge,
    "≥": operator.ge,
}
_SAYS = (":", "=")
_COMPARED_BY_SIZE = (Kind.NUMBER, Kind.AGE)


class _Unreadable(Exception):
    """A term cannot be read; the text says why."""


class _LeftOut(Exception):
    """A group is left out, for one of its terms cannot be read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.words)
        self.problem = problem


class _Token(NamedTuple):
    start: int
    end: int
    text: str


class _Head(NamedTuple):
    field: str
    relation: str


def parse(text: str, fields: Mapping[str, Field]) -> Query:
    """Return what the typed text asks for; `fields` are the comparable ones by their folded names.

    Never raises: a term that cannot be read is a problem, and what is half typed ("-", `""`) asks for nothing yet.
    """
    groups: list[Group] = []
    problems: list[Problem] = []
    for tokens in _grouped(text):
        try:
            group = _read_group(tokens, fields)
        except _LeftOut as left_out:
            problems.append(left_out.problem)
        else:
            groups.extend([group] if group else [])
    return Query(tuple(groups), tuple(problems))


class Piece(NamedTuple):
    """A group as it was typed: its place in the text, and the words between its "|"."""

    start: int
    end: int
    text: str
    words: tuple[str, ...]


def pieces(text: str) -> list[Piece]:
    """Return the typed groups from left to right, also those that cannot be read."""
    spans = [(tokens[0].start, tokens[-1].end, tuple(token.text for token in tokens)) for tokens in _grouped(text)]
    return [Piece(start, end, text[start:end], words) for start, end, words in spans]


def _grouped(text: str) -> list[list[_Token]]:
    """The tokens, those around a "|" together."""
    groups: list[list[_Token]] = []
    joined = False
    for match in re.finditer(_TYPED, text) if text else ():
        if match[0] == "|":
            joined = True
            continue
        token = _Token(match.start(), match.end(), match[0])
        if joined and groups:
            groups[-1].append(token)
        else:
            groups.append([token])
        joined = False
    return groups


def _read_group(tokens: list[_Token], fields: Mapping[str, Field]) -> Group | None:
    """The group, None where it is only half typed."""
    negated = tokens[0].text[0] in "-!"
    terms: list[Term] = []
    head: _Head | None = None
    for token in tokens:
        text = token.text[1:] if negated and token is tokens[0] else token.text
        try:
            term, head = _read_term(text, head, fields)
        except _Unreadable as unreadable:
            raise _LeftOut(Problem(token.start, token.end, str(unreadable))) from unreadable
        terms.extend([term] if term else [])
    return Group(tuple(terms), negated) if terms else None


def _read_term(text: str, inherited: _Head | None, fields: Mapping[str, Field]) -> tuple[Term | None, _Head | None]:
    """The term, None for one half typed, and the head that the next alternative inherits."""
    negated = text[:1] in ("-", "!")
    body = text[1:] if negated else text
    match = re.match(_HEAD, body)
    head = _Head(match["field"], match["relation"]) if match else inherited
    value = fold(body[match.end() if match else 0 :].replace('"', "").replace("\n", " "))
    if head is None:
        return (Word(value, as_latin1(value), negated) if value else None), None
    return _read_comparison(head, value, fields, negated=negated), head if head.relation in _SAYS else None


def _read_comparison(head: _Head, value: str, fields: Mapping[str, Field], *, negated: bool) -> Comparison:
    name, relation = fold(head.field), head.relation
    field = fields.get(name)
    if field is None:
        raise _Unreadable(
            _(
                "no field “{field}” here (there are {known}); in quotes it is searched as text",
                field=head.field,
                known=", ".join(fields),
            )
        )
    if not value:
        if relation not in _SAYS:
            asked, example = f"{name}{relation}", _example(field.kind)
            raise _Unreadable(_("{asked} needs a value, such as {example}", asked=asked, example=example))
        return Comparison(field, _is_given, True, negated)
    if relation not in (*_SAYS, "!=") and field.kind not in _COMPARED_BY_SIZE:
        asked = f"{name}:{_example(field.kind)}"
        raise _Unreadable(_("{field} cannot be compared by size; write {asked}", field=name, asked=asked))
    if field.kind is Kind.TEXT:
        found = operator.eq if relation == "=" else operator.contains
        return Comparison(field, found, value, negated != (relation == "!="))
    return Comparison(field, _RELATIONS[relation], _read_value(value, field.kind), negated)


def _is_given(value: object, _asked: object) -> bool:
    """Whether a field has a value: text that is not empty, a flag that is set, any known number."""
    return value is not False and value != ""


def _example(kind: Kind) -> str:
    return _EXAMPLES.get(kind, _("word"))


# What is typed is the same in every language.
_EXAMPLES = {
    Kind.NUMBER: _("{one} or {other}", one="0.5", other="10k"),
    Kind.FLAG: _("{one} or {other}", one="yes", other="no"),
    Kind.AGE: _("{one}, {second} or {other}", one="30m", second="12h", other="2d"),
}


def _read_value(value: str, kind: Kind) -> str | bool | Decimal:
    if kind is Kind.ID:
        return value
    if kind is Kind.FLAG:
        if value not in _FLAGS:
            raise _Unreadable(_("“{value}” is neither {yes} nor {no}", value=value, yes="yes", no="no"))
        return _FLAGS[value]
    units = _SECONDS if kind is Kind.AGE else _COUNTS
    match = re.fullmatch(_NUMBER, value)
    if match is None or match["unit"] not in units:
        example = _example(kind)
        if kind is Kind.AGE:
            raise _Unreadable(_("“{value}” is not an age, such as {example}", value=value, example=example))
        raise _Unreadable(_("“{value}” is not a number, such as {example}", value=value, example=example))
    return Decimal(match["digits"]) * units[match["unit"]]
