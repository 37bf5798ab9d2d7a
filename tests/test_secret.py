"""The key is not seen where it is printed, and is taken out of texts in every spelling."""

from __future__ import annotations

import base64
import copy
import html
import json
import pickle
import traceback
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest

from smmtui import secret
from smmtui.secret import MASK, Secret

KEYS = [
    "0123456789abcdef0123456789abcdef",
    "s3cret/key+with=odd&signs-0123456789",
    'kéy "with" <ümläuts>\\ and more',
    "8letters",
]


@pytest.mark.parametrize(
    "show", [repr, str, "{}".format, "%s".__mod__, "{:>20}".format, lambda key: f"{key!r}{key}{[key]}"]
)
def test_a_secret_prints_as_stars(show: Callable[[Secret], str]) -> None:
    """No way of printing it shows the key."""
    text = show(Secret(KEYS[0]))
    assert MASK in text
    assert KEYS[0] not in text


def test_a_secret_is_not_pickled_or_copied() -> None:
    """It does not reach the disk by accident."""
    for take in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            take(Secret(KEYS[0]))


def test_a_traceback_does_not_show_the_key() -> None:
    """Not even one that prints the variables."""
    key = Secret(KEYS[0])
    try:
        raise ValueError(key)
    except ValueError as error:
        shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "key = ****" in shown
    assert repr(KEYS[0]) not in shown


SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda key: key,
    "url": lambda key: quote(key, safe=""),
    "url with slashes": quote,
    "form": quote_plus,
    "lower-case percent": lambda key: "".join(f"%{byte:02x}" for byte in key.encode()),
    "json": lambda key: json.dumps(key)[1:-1],
    "json of php": lambda key: json.dumps(key)[1:-1].replace("/", "\\/"),
    "json unicode": lambda key: json.dumps(key, ensure_ascii=False)[1:-1],
    "json escapes": lambda key: "".join(f"\\u{ord(letter):04x}" for letter in key),
    "html": html.escape,
    "hex": lambda key: key.encode().hex(),
    "base64": lambda key: base64.b64encode(key.encode()).decode(),
    "base64 for urls": lambda key: base64.urlsafe_b64encode(key.encode()).decode(),
}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_key_is_masked_in_every_spelling(key: str, spelling: str) -> None:
    """Nothing of it is left, and the rest of the text stays."""
    echoed = SPELLINGS[spelling](key)
    assert Secret(key).mask(f"before {echoed} after") == f"before {MASK} after"
    assert Secret(key).mask_bytes(f"before {echoed} after".encode()) == f"before {MASK} after".encode()


@pytest.mark.parametrize("lead", ["", "a", "ab", "abc"])
def test_the_key_is_masked_inside_a_longer_base64(lead: str) -> None:
    """At whatever offset it stands, no more than the letters that it shares with its neighbours are left."""
    key = KEYS[0]
    whole = base64.b64encode(f"{lead}{key}:rest".encode()).decode()
    masked = Secret(key).mask(whole)
    assert MASK in masked
    assert len(whole) - len(masked.replace(MASK, "")) >= len(key) * 4 // 3 - 2


@pytest.mark.parametrize("part", [1, 7, 64, 10_000])
def test_the_key_is_masked_wherever_it_stands_in_a_large_reply(monkeypatch: pytest.MonkeyPatch, part: int) -> None:
    """A reply is looked through a part at a time; a key across the end of one, or twice, is found all the same."""
    monkeypatch.setattr(secret, "_LOOKED_THROUGH", part)
    key, mask = KEYS[0].encode(), MASK.encode()
    for place in range(150):
        before, after = b"." * place, b"." * (150 - place)
        assert Secret(KEYS[0]).mask_bytes(before + key + after) == before + mask + after
        assert Secret(KEYS[0]).mask_bytes(before + key + after + key) == before + mask + after + mask
    plain = b"." * 300
    assert Secret(KEYS[0]).mask_bytes(plain) is plain


def test_the_last_part_alone_is_masked() -> None:
    """Panels echo the end of a key, too."""
    assert Secret(KEYS[0]).mask(f"key ...{KEYS[0][-12:]} is wrong") == f"key ...{MASK} is wrong"


def test_keys_of_which_one_is_part_of_another_are_masked_whole() -> None:
    """Whichever of them is known first, nothing is left of the longer one."""
    short, long = Secret("8letters"), Secret("8letters-and-24-more-of-them")
    for keys in ([short, long], [long, short]):
        assert Secret.mask_all(keys, "8letters; 8letters-and-24-more-of-them.") == f"{MASK}; {MASK}."


def test_short_keys_would_mask_half_the_text_and_do_not() -> None:
    """A key under 8 characters is masked only in its own field."""
    assert Secret("error").mask("an error") == "an error"
    assert Secret("").mask("text") == "text"
    raw = b"an error"
    assert Secret("error").mask_bytes(raw) is raw


def test_secrets_compare_by_value() -> None:
    """Two of the same key are the same, an empty one is no key."""
    assert Secret("a") == Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert not Secret("")
    assert len({Secret("a"), Secret("a")}) == 1
