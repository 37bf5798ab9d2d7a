"""What the terminal says of its background is taken out of what is typed, and nothing else is."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmtui.terminal_background import BackgroundAnswer, dark_by_environment

WHITE = "\x1b]11;rgb:ffff/ffff/ffff\x1b\\"
TYPED = st.text(st.sampled_from("ab/1;]\x1b[Aé\r\x07"), max_size=12).filter(lambda typed: "\x1b]11;" not in typed)


class Hands:
    """A clock whose hands a test holds."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The monotonic seconds."""
        return self.now


def cut(text: str, sizes: Sequence[int]) -> list[str]:
    """The text in pieces of these sizes, the rest last."""
    pieces = []
    for size in sizes:
        pieces.append(text[:size])
        text = text[size:]
    return [piece for piece in [*pieces, text] if piece]


@given(TYPED, TYPED, st.lists(st.integers(1, 9), max_size=30))
def test_however_it_is_cut_only_the_answer_is_taken_out(before: str, after: str, sizes: list[int]) -> None:
    """What was typed before and behind the answer comes out in its order."""
    hands = Hands()
    answer = BackgroundAnswer(hands)
    passed = "".join(map(answer.take_out, cut(before + WHITE + after, sizes)))
    hands.now = 1.0
    assert passed + answer.let_go() == before + after
    assert answer.dark is False


@given(st.lists(st.integers(5, 9), max_size=6))
def test_an_answer_that_comes_late_is_taken_out_too(sizes: list[int]) -> None:
    """Minutes after the question it still is no typing."""
    hands = Hands()
    answer = BackgroundAnswer(hands)
    hands.now = 600.0
    assert "".join(map(answer.take_out, cut(WHITE, sizes))) == ""
    assert answer.dark is False


@given(st.lists(st.text(st.sampled_from("ab]1;\x1b[A"), max_size=4), max_size=8))
def test_where_nothing_is_answered_all_that_is_typed_arrives(pieces: list[str]) -> None:
    """Keys come out whole and in order, the last of them once it is clear that no answer follows."""
    hands = Hands()
    answer = BackgroundAnswer(hands)
    passed = "".join(answer.take_out(piece) for piece in pieces)
    hands.now += 1.0
    typed = "".join(pieces)
    if "\x1b]11;" not in typed:
        assert passed + answer.let_go() == typed
        assert answer.dark is None


@pytest.mark.parametrize(
    ("body", "dark"),
    [
        ("rgb:0000/0000/0000", True),
        ("rgb:1e/1e/2e", True),
        ("rgb:0/0/8", True),
        ("rgb:fdf6/f6e3/e3ff", False),
        ("rgba:ffff/ffff/ffff/ffff", False),
        ("rgb:f/f/f", False),
        ("rgb:zz/00/00", None),
        ("?", None),
        ("", None),
        ("rgb:ffff/ffff", None),
    ],
)
@pytest.mark.parametrize("end", ["\x07", "\x1b\\"])
def test_how_the_answer_is_read(body: str, dark: bool | None, end: str) -> None:
    """Every spelling of a colour counts; what is none is no answer, and no key either."""
    answer = BackgroundAnswer()
    assert answer.take_out(f"a\x1b]11;{body}{end}b") == "ab"
    assert answer.dark is dark


def test_an_answer_that_breaks_off_does_not_hold_up_the_keyboard() -> None:
    """Half of an answer is dropped when it goes no further, and keys behind it arrive."""
    hands = Hands()
    answer = BackgroundAnswer(hands)
    assert answer.take_out("\x1b]11;rgb:ffff/") == ""
    assert answer.let_go() == ""
    hands.now += 1.0
    assert answer.let_go() == ""
    assert answer.take_out("quit") == "quit"
    assert answer.take_out("\x1b]11;rgb:ff\x1b[A") == "\x1b[A"


def test_an_escape_alone_arrives_though_nothing_is_typed_after_it() -> None:
    """It is let go after a moment, however often it is asked meanwhile whether more has come."""
    hands = Hands()
    answer = BackgroundAnswer(hands)
    passed = answer.take_out("\x1b")
    for _ in range(4):
        hands.now += 0.04
        passed += answer.take_out("") + answer.let_go()
    assert passed == "\x1b"


def test_escape_is_held_back_only_while_an_answer_can_be_expected() -> None:
    """The key is a tenth of a second late in the first seconds, and at once afterwards and when the answer has come."""
    hands = Hands()
    answer = BackgroundAnswer(hands)
    assert answer.take_out("\x1b") == ""
    assert answer.let_go() == ""
    hands.now = 0.2
    assert answer.let_go() == "\x1b"
    hands.now = 10.0
    assert answer.take_out("\x1b") == "\x1b"
    answer = BackgroundAnswer(hands)
    answer.take_out(WHITE)
    assert answer.take_out("\x1b") == "\x1b"


@pytest.mark.parametrize(
    ("value", "dark"), [("15;0", True), ("0;15", False), ("0;default;7", False), ("15;default", True), ("", True)]
)
def test_what_the_environment_says(value: str, dark: bool) -> None:
    """COLORFGBG names the background last; where it says nothing a terminal is taken for dark."""
    assert dark_by_environment({"COLORFGBG": value}) is dark
