"""Request bodies → fields, in the encodings that clients of such panels use."""

import json
import urllib.parse
from collections.abc import Mapping


class Unreadable(Exception):
    """The body is not what its content type says."""


def read_fields(content_type: str, body: bytes) -> Mapping[str, str]:
    """The fields of a request, all as text; raises Unreadable.

    JSON and multipart/form-data are told by the content type, everything else is read as a urlencoded form.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return _from_json(body)
    if kind == "multipart/form-data":
        return _from_multipart(content_type, body)
    return dict(urllib.parse.parse_qsl(body.decode(errors="replace"), keep_blank_values=True))


def _from_json(body: bytes) -> Mapping[str, str]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable from None
    if not isinstance(document, dict):
        raise Unreadable
    return {name: _text(value) for name, value in document.items() if value is not None}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, str | int | float):
        return str(value)
    raise Unreadable


def _from_multipart(content_type: str, body: bytes) -> Mapping[str, str]:
    # Few clients need it, and the mail parser is the slowest import of the demo.
    from email.parser import BytesParser

    message = BytesParser().parsebytes(b"Content-Type: " + content_type.encode("latin-1") + b"\r\n\r\n" + body)
    fields = {}
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            fields[name] = content.decode(errors="replace")
    return fields
