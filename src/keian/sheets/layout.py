"""The sheets of an economy: which there are, what their columns hold, to what they refer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel

from keian.core import Names, Source, load_schema
from keian.economy import forms, nouns
from keian.economy.frames import SCHEMAS
from keian.economy.nouns import Known
from keian.sheets.flatten import Head, Kind, list_heads

Shape = Literal["documents", "values", "frame", "matrix"]
GOOD_PARTS = frozenset({"supplies", "panel", "ways", "pools", "pool_set"})
PARAMETER_LISTS = frozenset(
    {"knots", "vital_share", "reroute_share", "reroute_days", "cover.rules"}
)
ABOUT = (
    Head("kind", "id", needed=True, words=("economy", "additions")),
    Head("economy", "id"),
    Head("digest", "id"),
    Head("written_by", "text"),
)
FRAME_KINDS: MappingProxyType[str, Kind] = MappingProxyType(
    {"str": "text", "int": "whole", "float": "number", "bool": "bool", "date": "date"}
)
PLAIN_TEXT = frozenset({"text"})  # units of a schema under which text is for people


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Attributes
    ----------
    id : its name in both directions, e.g. `pools`.
    shape : `documents` one per row, `values` one document downwards, `frame` a checked table,
        `matrix` units down and columns across.
    heads : its columns; of a matrix only the first.
    model : form of a document without the parts that have sheets of their own.
    left_out : what stands for those parts when a row is checked alone.
    parents : columns that name the row of another sheet it belongs to.
    keys : columns that tell its rows apart; the last may be empty in a new row.
    file : where a frame lies in the folder of an economy, and its schema.
    """

    id: str
    shape: Shape
    heads: tuple[Head, ...]
    model: type[BaseModel] | None = None
    left_out: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    file: str = ""
    schema: str = ""

    def find_head(self, key: str) -> Head | None:
        """Find a column by its key."""
        return next((head for head in self.heads if head.key == key), None)


def _id_head(key: str, *, needed: bool = True) -> Head:
    """Give a column that names a row."""
    return Head(key, "id", needed)


def _documents(
    name: str,
    model: type[BaseModel],
    *,
    parents: tuple[str, ...] = (),
    left_out: tuple[str, ...] = (),
    lined: bool = False,
    own: tuple[Head, ...] = (),
) -> Sheet:
    """Describe a sheet of documents."""
    heads = [_id_head(parent, needed=parent != "line") for parent in parents]
    if lined:
        heads.append(Head("line", "id"))
    heads += [*own, *list_heads(model, skip=frozenset(left_out))]
    fields = [*(head.key for head in own), *model.model_fields]
    last = "line" if lined else next((f for f in ("id", "way", "route") if f in fields), None)
    keys = (*parents, *((last,) if last else ()))
    return Sheet(name, "documents", tuple(heads), model, left_out, parents, keys)


def _frame(name: str, file: str, schema: str = "", keys: tuple[str, ...] = ()) -> Sheet:
    """Describe a sheet of a table that has a schema."""
    schema = schema or Path(file).stem
    heads = tuple(
        Head(
            column.name,
            FRAME_KINDS[column.dtype]
            if column.dtype != "str" or column.unit in PLAIN_TEXT
            else "id",
            needed=not column.may_miss,
            unit=column.unit,
            low=column.low,
            high=column.high,
            about=column.description,
        )
        for column in load_schema(SCHEMAS / f"{schema}.csv")
    )
    return Sheet(name, "frame", heads, keys=keys, file=file, schema=schema)


def _units() -> Sheet:
    """Describe the sheet of units: the schema, with value added in money in place of its share."""
    sheet = _frame("units", "table/units.csv", keys=("id",))
    added = Head(
        "value_added_musd",
        "number",
        needed=True,
        unit="million USD per year",
        about="value added, 0 without output",
    )
    kept = tuple(head for head in sheet.heads if head.key != "v_share")
    return Sheet("units", "frame", (*kept, added), keys=("id",), file=sheet.file, schema="units")


@cache
def list_sheets() -> tuple[Sheet, ...]:
    """List the sheets of an economy in the order in which they are written."""
    passages = Head("passages", "id", words=("listed", "usual"))
    return (
        Sheet("about", "values", ABOUT),
        Sheet(
            "parameters",
            "values",
            list_heads(forms.Parameters, skip=PARAMETER_LISTS),
            forms.Parameters,
            tuple(sorted(PARAMETER_LISTS)),
        ),
        _frame("regions", "table/regions.csv", keys=("id",)),
        _frame("industries", "table/industries.csv", keys=("id",)),
        _units(),
        Sheet("flows", "matrix", (_id_head("unit"),)),
        Sheet("final_demand", "matrix", (_id_head("unit"),)),
        _frame("criticality", "table/criticality.csv", keys=("product", "industry")),
        _frame("inventory_days", "table/inventory_days.csv", keys=("industry",)),
        _frame("region_lags", "routes/region_lags.csv", keys=("origin", "destination")),
        _frame("countries", "trade/countries.csv"),
        _documents("goods", forms.GoodForm, left_out=tuple(sorted(GOOD_PARTS))),
        _documents(
            "supplies",
            forms.SupplyForm,
            parents=("good",),
            left_out=("routes",),
            lined=True,
            own=(passages,),
        ),
        _documents("supply_routes", forms.PassageForm, parents=("good", "line")),
        _documents("pools", forms.PoolForm, parents=("good",)),
        _documents("uses", forms.UseForm, lined=True),
        _documents("registered", forms.RegisteredForm, left_out=("known", "missing")),
        _documents("registered_known", Known, parents=("registered",), lined=True),
        _documents("registered_missing", Names, parents=("registered",), lined=True),
        _documents("services", forms.ServiceForm, left_out=("uses",)),
        _documents("service_users", forms.ServiceUseForm, parents=("service",), lined=True),
        _documents("service_needs", nouns.ServiceNeed, lined=True),
        _documents("restoration", forms.RestorationForm, lined=True),
        _documents("cables", nouns.CablePool, left_out=("landings",)),
        _documents("landings", nouns.Landing, parents=("cable",)),
        _documents("workforce", nouns.Workforce),
        _documents("areas", nouns.Area, left_out=("shares",)),
        _documents("area_shares", nouns.AreaShare, parents=("area",), lined=True),
        _documents("repair_pools", nouns.RepairPool),
        _documents("routes", forms.RouteForm, left_out=("flows",)),
        _documents("route_flows", forms.FlowForm, parents=("route",), lined=True),
        Sheet(
            "speeds",
            "documents",
            (_id_head("cargo"), *_speed_heads()),
            keys=("cargo",),
        ),
        *(
            _documents(name, forms.ByProduct, lined=True)
            for name in ("vital_share", "reroute_share", "reroute_days")
        ),
        _documents("cover_rules", forms.CoverRule, lined=True),
        _documents("ways", forms.WayForm, left_out=("routes",), own=(_id_head("way"),)),
        _documents("way_routes", forms.PassageForm, parents=("way",)),
        _frame("distances", "routes/distances.csv"),
        _frame("imports", "trade/imports_jpn.parquet", "imports"),
        _frame("crops_trade", "trade/crops_jpn.csv", "crops_trade"),
        _frame("crops_production", "trade/crops_production.csv"),
        _documents("sources", Source),
        Sheet(
            "baseline",
            "documents",
            (
                Head("sheet", "id", True),
                Head("row", "text"),
                Head("figure", "id", True),
                Head("numbers", "text"),
                Head("sources", "text"),
            ),
        ),
    )


def _speed_heads() -> tuple[Head, ...]:
    """List the columns of a speed."""
    from keian.sheets.flatten import TRIPLE_PARTS

    return tuple(Head(f"knots.{part}", kind, unit="knots") for part, kind in TRIPLE_PARTS)


# Which sheet and column a cell points to; the last part of its path decides unless the sheet does.
REFERENCES = MappingProxyType(
    {
        "sources": "sources.id",
        "source": "sources.id",
        "good": "goods.id",
        "covered_by": "goods.id",
        "registered": "registered.id",
        "made_from": "goods.id",
        "service": "services.id",
        "units": "units.id",
        "made_by": "units.id",
        "provider": "units.id",
        "outage_unit": "units.id",
        "unit_id": "units.id",
        "user": "services.id",
        "supplier": "services.id",
        "area": "areas.id",
        "cable": "cables.id",
        "regional_table": "sources.id",
        "parent_product": "industries.id",
        "parent_industry": "industries.id",
        "product": "industries.id",
        "products": "industries.id",
        "held_products": "industries.id",
        "industry": "industries.id",
        "home": "regions.id",
        "region": "regions.id",
        "route": "routes.id",
        "way": "ways.way",
        "way_routes.way": "ways.way",
        "supplies.origin": "countries.iso3",
        "ways.countries": "countries.iso3",
        "route_flows.origins": "regions.id",
        "route_flows.destination": "regions.id",
        "region_lags.origin": "regions.id",
        "region_lags.destination": "regions.id",
        "flows.unit": "units.id",
        "final_demand.unit": "units.id",
    }
)
# Columns of the same name that are no references: headings of customs, what rows are named by.
NO_REFERENCES = frozenset(
    {"imports.product", "ways.way", "units.id", "crops_trade.product", "cover_rules.way"}
)
ALLOWED = MappingProxyType({"supplies.origin": ("rest",)})


def find_reference(sheet: str, head: Head) -> str | None:
    """Find the sheet and column a column points to, as `sheet.column`."""
    full = f"{sheet}.{head.last}"
    if full in NO_REFERENCES or sheet in {"about", "baseline"}:
        return None
    return REFERENCES.get(full) or REFERENCES.get(head.last)
