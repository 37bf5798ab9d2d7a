"""How the descriptions of services are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmtui.domain.descriptions import plain_description
from smmtui.domain.foreign_text import clean_block

PIECES = (
    "<",
    ">",
    "</",
    "<br>",
    "<p>",
    "<li>",
    "<a href='",
    "'>",
    "</a>",
    "<b",
    "<script>",
    "</script>",
    "<!--",
    "-->",
)
MORE = (
    "&",
    "&lt;",
    "&amp;",
    "&#",
    "&#x",
    "99999999",
    "\n",
    " ",
    "text",
    '"',
    "=",
    "/",
    "\x1b",
    "<!",
    "<?",
    "]]>",
    "\ud800",
)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a<br>b<br/>c\n<BR />\nd", "a\nb\nc\nd"),
        ("<p>One</p><p>Two &amp; three</p>", "One\n\nTwo & three"),
        ("Terms:<ul><li>fast</li><li>safe</li></ul>end", "Terms:\n• fast\n• safe\nend"),
        ("<div><div>a</div></div><div>b</div>", "a\nb"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("plain\nlines\n\n\n\nkept &amp; &eacute;", "plain\nlines\n\nkept & é"),
        ("<b>bold</b>\nnext", "bold\nnext"),
        ("&lt;p&gt;One&lt;br&gt;two&lt;/p&gt;", "One\ntwo"),
        ("&amp;lt;b&amp;gt;fast&amp;lt;/b&amp;gt; &amp;amp; safe", "fast & safe"),
        ("before<script>alert('<b>')</script><style>p{}</style>after", "beforeafter"),
        ("a<!-- hidden <b> -->b", "ab"),
        ("<img alt='✅'> done", "✅ done"),
    ],
)
def test_markup_becomes_text(text: str, read: str) -> None:
    """Tags and entities, also doubly escaped ones, become line breaks, bullets and letters."""
    assert plain_description(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("<a href='https://t.me/x'>join us</a>", "join us (https://t.me/x)"),
        ("<a href='https://www.t.me/x/'>t.me/x</a>", "t.me/x"),
        ("<a href=https://t.me/x></a>", "https://t.me/x"),
        ("<a href='javascript:pay()'>here</a>", "here"),
        ("<a href='https://t.me/x'>never closed", "never closed (https://t.me/x)"),
    ],
)
def test_links_show_where_they_lead(text: str, read: str) -> None:
    """A link shows its text, and its address where that says something else and leads to the web."""
    assert plain_description(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "min < 50",
        "1 <2> 3",
        "I <3 it",
        "put <your link> here",
        "a <- b -> c",
        "open <!-- never closed",
        "<!DOCTYPE x",
        "a<",
    ],
)
def test_text_that_is_no_markup_survives(text: str) -> None:
    """A lone "<" and words in angle brackets are text."""
    assert plain_description(text) == text


def test_a_number_too_long_to_convert_is_survived() -> None:
    """A character reference of ten thousand digits is shown as foreign, wherever the mark-up hides it."""
    digits = "1" * 10_000
    assert plain_description(f"a&#{digits};b") == "a�b"
    assert plain_description(f"&lt;b&gt;a&amp;#{digits};b") == "a�b"
    assert "text" in plain_description(f"<a href='&#{digits};'>text</a>&#<!-- x -->{digits}")


@given(st.lists(st.one_of(st.sampled_from(PIECES + MORE), st.text(max_size=5)), max_size=30).map("".join))
def test_any_description_is_read_and_clean(text: str) -> None:
    """Whatever was sent as a description, it is read without an error and the result is a clean block."""
    read = plain_description(text)
    assert clean_block(read) == read


@pytest.mark.parametrize(
    "piece", ["<", "</", "<!--", "<a ", "<a>", "<li>", "<b x='", "&amp;", "\n <b>", "<script></", "\n"]
)
def test_a_megabyte_of_one_piece_is_survived(piece: str) -> None:
    """Mark-up that makes a careless parser take quadratic time is read, too, up to a bound."""
    assert len(plain_description(piece * (1_000_000 // len(piece)))) <= 20_000
