"""Reply bodies that go wrong, made out of the honest answer, and the compressions they may come in."""

import gzip
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

FIRST_MEMBER = re.compile(rb'(\{"[^"]*":\s*)("(?:[^"\\]|\\.)*"|[^,{}\[\]]+)')
"""The first member of the first object whose value is a scalar: the order id, the balance, a row's charge."""
NOTICE = b"<br />\n<b>Notice</b>:  Undefined index: drip in <b>/var/www/api.php</b> on line <b>214</b><br />\n"
PAGE = b"<!DOCTYPE html>\n<html><head><title>%b</title></head><body><h1>%b</h1>[/] [@click=app.quit()]x</body></html>\n"
DEEP = 100_000
DIGITS = 100_000
BLOCK = b" " * (1 << 20)
"""What oversized bodies are padded with: white space, so that the answer after it is still valid JSON."""


class Body(NamedTuple):
    """One way to spoil an answer."""

    description: str
    carried_out: bool
    """Whether a write is carried out unless the test says otherwise: true where the answer is still in the body."""
    make: Callable[[bytes], bytes]


def page(title: str) -> bytes:
    """An HTML page as a proxy or web server would show it, with markup in it that a terminal app might fall for."""
    return PAGE % (title.encode(), title.encode())


def first_value(answer: bytes, value: bytes) -> bytes:
    """The answer with its first scalar member given another value."""
    return FIRST_MEMBER.sub(lambda found: found[1] + value, answer, count=1)


def _insert(answer: bytes, member: bytes) -> bytes:
    return answer.replace(b"{", b"{" + member + b",", 1)


def _first_key_twice(answer: bytes) -> bytes:
    return FIRST_MEMBER.sub(lambda found: found[1] + b"77," + found[0][1:], answer, count=1)


BODIES: Mapping[str, Body] = {
    "empty": Body("An empty 200.", False, lambda answer: b""),
    "whitespace": Body("A 200 with nothing but white space.", False, lambda answer: b" \r\n\t\n "),
    "html_page": Body("A 200 with an HTML page.", False, lambda answer: page("Maintenance")),
    "notice_before": Body("A PHP notice in HTML before the answer.", True, lambda answer: NOTICE + answer),
    "notice_after": Body("A PHP notice in HTML after the answer.", True, lambda answer: answer + NOTICE),
    "byte_order_mark": Body(
        "A UTF-8 byte-order mark before the answer.", True, lambda answer: b"\xef\xbb\xbf" + answer
    ),
    "utf_16": Body("The answer in UTF-16 with its mark.", True, lambda answer: answer.decode().encode("utf-16")),
    "invalid_utf_8": Body(
        "Bytes that are no UTF-8 in a member beside the answer.",
        True,
        lambda answer: _insert(answer, b'"note":"\xff\xc3\x28"'),
    ),
    "cut_json": Body("JSON cut in two, well framed.", True, lambda answer: answer[: len(answer) // 2]),
    "deep": Body("100,000 nested arrays.", False, lambda answer: b"[" * DEEP + b"]" * DEEP),
    "huge_integer": Body(
        "An integer of 100,000 digits as the first value.", True, lambda answer: first_value(answer, b"9" * DIGITS)
    ),
    "nan": Body("NaN as the first value.", True, lambda answer: first_value(answer, b"NaN")),
    "infinity": Body("Infinity as the first value.", True, lambda answer: first_value(answer, b"Infinity")),
    "duplicate_keys": Body("The first key twice, with two values: two order ids.", True, _first_key_twice),
    "two_documents": Body(
        "Two JSON documents one after another, with two values: two order ids.",
        True,
        lambda answer: answer + first_value(answer, b"77"),
    ),
    "scalar_null": Body("JSON null.", False, lambda answer: b"null"),
    "scalar_true": Body("JSON true.", False, lambda answer: b"true"),
    "scalar_text": Body("A JSON string.", False, lambda answer: b'"text"'),
    "scalar_zero": Body("JSON 0.", False, lambda answer: b"0"),
    "empty_list": Body("An empty JSON list.", False, lambda answer: b"[]"),
    "empty_object": Body("An empty JSON object.", False, lambda answer: b"{}"),
    "rate_limit_in_200": Body(
        "A rate limit told by a 200.", False, lambda answer: b'{"error":"Too many requests, slow down"}'
    ),
}


def gzip_corrupt(answer: bytes) -> bytes:
    """A gzip stream that inflates to the answer and then fails its checksum."""
    packed = bytearray(gzip.compress(answer))
    packed[-8] ^= 0xFF
    return bytes(packed)


def gzip_cut(answer: bytes) -> bytes:
    """A gzip stream that ends in its middle."""
    packed = gzip.compress(answer)
    return packed[: len(packed) // 2]


def deflate_raw(answer: bytes) -> bytes:
    """A deflate stream without the zlib wrapper, as some servers send it."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(answer) + packer.flush()


def brotli_stored(answer: bytes) -> bytes:
    """A brotli stream of one stored block (RFC 7932, 9.2); at most 64 KiB."""
    return ((len(answer) - 1) << 4 | 1 << 20).to_bytes(3, "little") + answer + b"\x03"


def bomb_pieces(answer: bytes, size: int) -> Iterator[bytes]:
    """A gzip stream of `size` bytes of white space and the answer, about a thousandth as long, made piece by piece.

    One block is compressed once and repeated: after a full flush deflate refers to nothing before it.
    """
    packer = zlib.compressobj(9, wbits=-15)
    packed_block = packer.compress(BLOCK) + packer.flush(zlib.Z_FULL_FLUSH)
    yield b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
    checksum = 0
    for _ in range(size // len(BLOCK)):
        checksum = zlib.crc32(BLOCK, checksum)
        yield packed_block
    rest = BLOCK[: size % len(BLOCK)] + answer
    yield deflate_raw(rest)
    yield zlib.crc32(rest, checksum).to_bytes(4, "little") + ((size + len(answer)) & 0xFFFFFFFF).to_bytes(4, "little")
