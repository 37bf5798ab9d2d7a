"""Every text that a translation can reach, found in the package by Babel; written to the template of translations by

python -m tests.words.extracted
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

import smmtui

PACKAGE = Path(smmtui.__file__).parent
TEMPLATE = PACKAGE / "locale" / "smmtui.pot"
_HEADER = """\
# The words of smmtui. A translation is a file of these texts with theirs, compiled:
#   msginit -i smmtui.pot -l tr && msgfmt tr.po -o tr/LC_MESSAGES/smmtui.mo
"""


def extracted() -> Catalog:
    """Return all texts of the package, with the files that they stand in."""
    # Nothing in it changes by itself: no date, no version, no line numbers.
    catalog = Catalog(project="smmtui", charset="utf-8", fuzzy=False, header_comment=_HEADER)
    keywords = {"_": None, "ngettext": (1, 2)}
    found = extract_from_dir(str(PACKAGE), [("**.py", "python")], keywords=keywords, options_map={})
    for file, _line, text, _comments, _context in sorted(found, key=lambda each: (each[0], each[1])):
        catalog.add(text, locations=[(f"smmtui/{file}", 0)])
    return catalog


def template(catalog: Catalog) -> bytes:
    """Return the texts as a template for translations."""
    out = BytesIO()
    write_po(out, catalog, width=120, omit_header=False, sort_output=True, include_lineno=False)
    dated = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By")
    lines = out.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(tuple(f'"{name}' for name in dated))).encode()


if __name__ == "__main__":
    TEMPLATE.parent.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(template(extracted()))
    print(f"{TEMPLATE}: {len(extracted()):,} texts")
