"""Writes the template in which a company fills in its own goods, suppliers and stocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from keian import __version__
from keian.core import DOCUMENT, load_document
from keian.economy import Economy, load_economy
from keian.sheets.contents import Contents
from keian.sheets.export import Lang, refuse_existing, write_sheets
from keian.sheets.headers import DATA, name_sheet
from keian.sheets.xlsx_write import WorkbookWriter, finish_file

LOOKED_UP = ("industries", "units", "countries")


class TemplateForm(BaseModel):
    """The file of the template: its columns and an example."""

    model_config = DOCUMENT

    example: str
    columns: dict[str, tuple[str, ...]]
    rows: dict[str, tuple[dict[str, str | float | bool], ...]]
    placeholders: tuple[str, ...]
    japanese: dict[str, str]

    def tell(self, cell: str | float | bool, lang: Lang) -> str | float | bool:
        """Tell a cell of the example in a language; what has no words of its own stays."""
        return self.japanese.get(cell, cell) if lang == "ja" and isinstance(cell, str) else cell

    @property
    def unfilled(self) -> frozenset[str]:
        """What stands where a person has yet to write, in either language."""
        return frozenset({*self.placeholders, *(self.japanese[text] for text in self.placeholders)})


@cache
def load_template() -> TemplateForm:
    """Load the columns and the example of the template."""
    return load_document(DATA / "template.yaml", TemplateForm)


def write_template(path: Path, *, lang: Lang = "en", economy: str | Path = "japan") -> Path:
    """Write the template as a workbook.

    Its sheets hold one example, which the import refuses until it is replaced; the sheets whose
    names begin with # list the ids of the economy to choose from.

    Parameters
    ----------
    path
        Workbook to write.
    lang
        Language of sheet names and headers.
    economy
        Economy the goods will be added to.

    Raises
    ------
    InputError
        The file is there already, or the economy is unknown.
    """
    refuse_existing([path], lang)
    base = load_economy(economy)
    form = load_template()
    contents = Contents()
    contents.values["about"] = {
        "kind": "additions",
        "economy": base.name,
        "digest": base.digest,
        "written_by": f"keian {__version__}",
    }
    for sheet, rows in form.rows.items():
        contents.rows[sheet] = [
            {key: form.tell(cell, lang) for key, cell in row.items()} for row in rows
        ]
    path.parent.mkdir(parents=True, exist_ok=True)
    with finish_file(path) as part, WorkbookWriter(part) as writer:

        def write(name: str, header: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
            writer.write_sheet(name_sheet(name, lang), header, rows)

        write_sheets(contents, lang, write, only=form.columns)
        for name in LOOKED_UP:
            writer.write_sheet(f"#{name_sheet(name, lang)}", ("id", "en", "ja"), _list(base, name))
    return path


def _list(economy: Economy, name: str) -> Iterator[Sequence[str]]:
    """List ids with their names."""
    names = {
        "industries": economy.product_names,
        "units": economy.unit_names,
        "countries": economy.country_names,
    }[name]
    for key, name_pair in names.items():
        yield key, name_pair.en, name_pair.ja
