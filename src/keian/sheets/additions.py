"""Adds the goods, suppliers and stocks of a filled template to an economy."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from keian.core import InputError, Names, read_yaml
from keian.economy.load import find_economy, load_economy
from keian.sheets.cells import Fault
from keian.sheets.documents import check_documents
from keian.sheets.folder import make_documents, make_goods, write_yaml
from keian.sheets.parse import Parsed
from keian.sheets.places import Findings
from keian.sheets.references import check_references_between
from keian.sheets.template import load_template
from keian.sheets.totals import check_totals

TIER = "illustrative"
ADDED_FILE = "added.yaml"
SHEETS = ("goods", "supplies", "pools", "uses", "sources")


def add_goods(
    parsed: Parsed, findings: Findings, economy: str | Path, folder: Path
) -> tuple[str, ...]:
    """Copy an economy and add goods to the copy, in the tier `illustrative`.

    Parameters
    ----------
    parsed
        What the template holds.
    findings
        What was found so far; everything is raised together.
    economy
        Name or folder of the economy to add to.
    folder
        Folder to fill.

    Returns
    -------
    Ids of the goods added.

    Raises
    ------
    InputError
        Everything that is wrong with the template.
    """
    base = load_economy(economy, illustrative=True)
    listed = (good.id for good in base.registered)
    goods = frozenset((*(good.id for good in base.goods), *listed))
    others = {
        "goods.id": _name({good.id: good.names for good in base.goods}),
        "sources.id": {key: key for key in base.sources},
        "units.id": _name(base.unit_names),
        "industries.id": _name(base.product_names),
        "countries.iso3": _name(base.country_names),
        "routes.id": _name({route.id: route.names for route in base.routes}),
    }
    check_references_between(parsed, findings, others)
    check_documents(parsed, findings)
    check_totals(parsed, findings, {good.id: good.tier for good in (*base.goods, *base.aside)})
    example = frozenset({load_template().example})
    for name, taken in (("goods", goods | example), ("sources", frozenset(base.sources))):
        _check_taken(parsed, name, taken, findings)
    _check_records(parsed, findings)
    if not parsed.contents.rows.get("goods"):
        fault = Fault("no good", "at least one row", "fill in a row")
        findings.add(parsed.show_sheet("goods"), fault)
    problems = findings.list_all()
    if problems:
        raise InputError(problems)
    shutil.copytree(find_economy(economy), folder, dirs_exist_ok=True)
    documents = [good | {"tier": TIER} for good in make_goods(parsed.contents)]
    held: list[Any] = []
    if (folder / "goods" / ADDED_FILE).is_file():
        held = list(read_yaml(folder / "goods" / ADDED_FILE).data["goods"])
    write_yaml(folder / "goods" / ADDED_FILE, {"goods": [*held, *documents]})
    _append(folder / "goods" / "uses.yaml", make_documents(parsed.contents, "uses"), "uses")
    _append(folder / "sources_goods.yaml", make_documents(parsed.contents, "sources"))
    return tuple(str(document["id"]) for document in documents)


def _name(names: Mapping[str, Names]) -> dict[str, str]:
    """Give ids by the words for them: themselves, and names that only one of them has."""
    words: dict[str, list[str]] = {}
    for key, pair in names.items():
        for word in {pair.en, pair.ja}:
            words.setdefault(word, []).append(key)
    alone = {word: keys[0] for word, keys in words.items() if len(keys) == 1}
    return alone | {key: key for key in names}


def _check_taken(parsed: Parsed, name: str, taken: frozenset[str], findings: Findings) -> None:
    """Find ids that the economy has already."""
    for row, cells in enumerate(parsed.contents.rows.get(name, [])):
        if cells.get("id") in taken:
            where = parsed.show(name, parsed.numbers[name][row], "id")
            held = "the example" if cells["id"] == load_template().example else "taken already"
            fault = Fault(f"{cells['id']!r}, {held}", "an id of its own", "write your own id")
            findings.add(where, fault)


def _check_records(parsed: Parsed, findings: Findings) -> None:
    """Find sources that say nothing yet: a note of the template, or a record without a day."""
    unfilled = load_template().unfilled
    for row, cells in enumerate(parsed.contents.rows.get("sources", [])):

        def show(key: str, row: int = row) -> str:
            return parsed.show("sources", parsed.numbers["sources"][row], key)

        if cells.get("note") in unfilled:
            wanted = "who recorded or estimated it, and from what"
            fix = "write it in your own words, or empty the cell"
            findings.add(show("note"), Fault("the note of the template", wanted, fix))
        dated = any(cells.get(key) for key in ("vintage", "published", "retrieved"))
        if cells.get("kind") == "published" and not dated:
            wanted = "the day or period that the record is of"
            title = parsed.titles["sources"].get("vintage", ("vintage", 0))[0]
            fix = f"write it under {title}, such as 2026-03-31; an estimate is of kind assumption"
            findings.add(show("vintage"), Fault("nothing", wanted, fix))


def _append(path: Path, documents: list[dict[str, Any]], key: str | None = None) -> None:
    """Append documents to a file."""
    if not documents:
        return
    data = read_yaml(path).data
    held = list(data[key] if key else data)
    write_yaml(path, {key: [*held, *documents]} if key else [*held, *documents])
