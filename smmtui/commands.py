"""Export and import: what the command line does with the journal and the catalogue as files.

Standard output is the data and nothing else; what is said about it goes to standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from smmtui.cli import Export, Import
from smmtui.config import Paths, Profile
from smmtui.domain.catalog import Catalog
from smmtui.domain.clock import SystemClock
from smmtui.domain.filter_language import SERVICE_FIELDS, Field, Query, parse
from smmtui.domain.foreign_text import clean
from smmtui.domain.order_fields import order_fields, order_text
from smmtui.domain.orders_file import orders_as_csv, orders_as_json, read_orders
from smmtui.domain.records import Order
from smmtui.domain.services_file import services_as_csv, services_as_json
from smmtui.errors import ConfigError, PanelError, SmmtuiError
from smmtui.standard_output import write_out
from smmtui.words import _

# What a file holds instead of an order is quoted, and can be of any length.
_LONGEST = 2000


def carry_out(command: Export | Import, profile: Profile, paths: Paths) -> int:
    """Do what was asked for and return the exit code: 0, or 1 after a failure, which has been said.

    An export changes nothing. An import takes in every row that can be read and is not there yet, so that after a
    failure the same file brings the rest. Raises ConfigError for what was asked for wrongly.
    """
    try:
        match command:
            case Import():
                return _import_orders(command, profile, paths)
            case Export(what="orders"):
                return _export_orders(command, profile, paths)
            case _:
                return _export_catalog(command, profile, paths)
    except ConfigError:
        raise
    except SmmtuiError as error:
        _say(str(error))
        return 1


def _export_orders(command: Export, profile: Profile, paths: Paths) -> int:
    from smmtui.journal.reading import ReadOnlyJournal

    query = _query(command.filter, order_fields(SystemClock().now()))
    with ReadOnlyJournal.open(paths.journal(profile.account)) as journal:
        orders = journal.orders()
    kept = [order for order in orders if query.holds(order_text(order), order)]
    counts = {"count": f"{len(kept):,}", "all": f"{len(orders):,}"}
    _say(_("{count} of {all} orders of {profile}", profile=profile.name, **counts))
    return write_out(orders_as_csv(kept) if command.form == "csv" else orders_as_json(kept))


def _export_catalog(command: Export, profile: Profile, paths: Paths) -> int:
    from smmtui.journal.snapshot import Snapshot
    from smmtui.panel.catalog_rows import read_services

    query = _query(command.filter, SERVICE_FIELDS)
    folder = paths.snapshot(profile.account)
    kept = Snapshot(folder).read()
    if kept is None:
        raise SmmtuiError(
            _("There is no catalog in {folder} yet. Start smmtui once: it asks the panel for it.", folder=folder)
        )
    try:
        catalog = Catalog(read_services(kept.data).services)
    except PanelError as error:
        text = _(
            "The catalog in {folder} cannot be read ({why}). Start smmtui once: it asks the panel for it again.",
            folder=folder,
            why=error,
        )
        raise SmmtuiError(text) from None
    services = [catalog.services[number] for number in catalog.matching(query)]
    counts = {"count": f"{len(services):,}", "all": f"{len(catalog):,}"}
    time = f"{kept.at:%Y-%m-%d %H:%M} UTC"
    _say(_("{count} of {all} services of {profile}, as of {time}", profile=profile.name, time=time, **counts))
    return write_out(services_as_csv(services) if command.form == "csv" else services_as_json(services))


def _import_orders(command: Import, profile: Profile, paths: Paths) -> int:
    """Take the file in; 1 where the journal lacks any of it afterwards."""
    from smmtui.journal.journal import Journal

    try:
        found = read_orders(command.file.read_bytes())
    except OSError as error:
        why = error.strerror
        raise ConfigError(_("{file} cannot be read: {why}.", file=command.file, why=why)) from None
    problems, known = found.problems, []
    if found.orders:
        journal = Journal.open(paths.journal(profile.account), clock=SystemClock())
        try:
            if journal.damage:
                _say(journal.damage)
            known = journal.imports.add([order for _line, order in found.orders])
        finally:
            journal.close()
    there = [(line, order, other) for (line, order), other in zip(found.orders, known, strict=True) if other]
    problems = sorted([*problems, *((line, why) for line, order, other in there if (why := _differs(order, other)))])
    for line, why in problems:
        _say(_("{file}, line {line}: {why}", file=command.file, line=line, why=why))
    counts = {"new": f"{len(known) - len(there):,}", "known": f"{len(there):,}"}
    _say(_("orders of {profile}: {new} taken in, {known} were there already", profile=profile.name, **counts))
    return 1 if problems else 0


def _differs(given: Order, known: Order) -> str:
    """What the file knows of an order that the journal has, and does not know; "" where there is nothing."""
    if given.id is None or given.id == known.id:
        return ""
    if known.id is None:
        return _(
            "this order has the id {given} in the file and no id in the journal, which was left as it is",
            given=given.id,
        )
    return _(
        "this order has the id {given} in the file and the id {known} in the journal, which was left as it is",
        given=given.id,
        known=known.id,
    )


def _query(expression: str, fields: Mapping[str, Field]) -> Query:
    query = parse(expression, fields)
    if query.problems:
        # On the screen such a term is left out and said so; a file would hold too much and look as if it were right.
        raise ConfigError(f"--filter: {'; '.join(problem.words for problem in query.problems)}.")
    return query


def _say(words: str) -> None:
    print(f"smmtui: {clean(words, _LONGEST)}", file=sys.stderr)
