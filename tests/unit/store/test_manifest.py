"""A manifest identifies a run by what went in, and survives the way to the disk and back."""

from datetime import date

import pytest

from keian.core import GREEN, DataError, Label
from keian.store import InputText, calc_run_digest
from keian.store.manifest import parse_manifest, write_manifest
from tests.unit.store.stored import INPUT, make_manifest

BASE = make_manifest()
OTHER = InputText(id="tiny", file="tiny.yaml", sha256="b" * 64)


@pytest.mark.parametrize(
    "fields",
    [
        {"label": GREEN},
        {"label": Label("TLP:AMBER", {"energy"})},
        {"label": Label("TLP:AMBER", (), {"JPN"})},
        {"economy": OTHER},
        {"scenarios": (OTHER,)},
        {"scenarios": ()},
        {"measures": (INPUT,)},
        {"seeds": {"tiny": 8}},
        {"draws": 5},
        {"as_of": date(2026, 4, 1)},
        {"options": {"kappa": 1.0, "phi": 1}},
        {"status": "partial"},
    ],
    ids=str,
)
def test_what_changes_a_result_or_its_label_changes_the_identity(fields):
    assert calc_run_digest(make_manifest(**fields)) != calc_run_digest(BASE)


@pytest.mark.parametrize(
    "fields",
    [
        {"command": ("keian", "simulate", "tiny", "--lang", "ja")},
        {"warnings": ("the table is of 2011",)},
        {"assumptions": ("a-tiny",)},
        {"options": {"phi": 1.0, "kappa": 2}},
    ],
    ids=str,
)
def test_what_changes_no_result_keeps_the_identity(fields):
    assert calc_run_digest(make_manifest(**fields)) == calc_run_digest(BASE)


def test_moment_does_not_enter_the_identity_and_versions_do():
    later = BASE.model_copy(update={"created": "2030-01-01T00:00:00+00:00"})
    assert calc_run_digest(later) == calc_run_digest(BASE)
    newer = BASE.model_copy(update={"versions": {**BASE.versions, "numpy": "99"}})
    assert calc_run_digest(newer) != calc_run_digest(BASE)


def test_versions_name_what_computes():
    assert {"keian", "numpy", "numba", "python", "platform"} <= BASE.versions.keys()
    assert "not installed" not in BASE.versions.values()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"label": Label("TLP:RED", {"b", "a"}, {"JPN"}), "as_of": date(2026, 4, 1)},
        {"label": Label("TLP:RED", (), ())},
        {"options": {"text": "原油", "none": None, "flag": True, "number": 0.1}},
        {"command": ("keian", "bad\udcffbyte")},
    ],
    # sets have no order: their text is another in another process
    ids=["plain", "compartments and day", "no compartment", "options", "bad byte"],
)
def test_manifest_is_read_back_as_it_was_written(fields):
    manifest = make_manifest(**fields)
    again = parse_manifest(write_manifest(manifest), "m.json")
    assert again == manifest
    assert write_manifest(again) == write_manifest(manifest)
    assert calc_run_digest(again) == calc_run_digest(manifest)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('"schema_version": 1', '"schema_version": 2'), "schema_version"),
        (('"draws": 4', '"draws": "4"'), "draws"),
        (('"draws": 4', '"draws": 4, "run": "rm"'), "run"),
        (('"level": "TLP:AMBER"', '"level": "TLP:SECRET"'), "label"),
        (("a" * 64, "xyz"), "economy.sha256"),
        (("{", ""), "m.json"),
    ],
)
def test_what_is_no_manifest_is_refused(change, words):
    with pytest.raises(DataError) as refused:
        parse_manifest(write_manifest(BASE).replace(*change, 1), "m.json")
    assert words in str(refused.value)


def test_a_manifest_cannot_name_files_elsewhere():
    text = write_manifest(BASE).replace(
        '"files": []',
        '"files": [{"name": "../../x", "sha256": "%s", "size_bytes": 1}]' % ("a" * 64),
    )
    with pytest.raises(DataError, match="plain name"):
        parse_manifest(text, "m.json")


def test_a_number_that_is_not_finite_has_no_place_in_a_manifest():
    with pytest.raises(ValueError, match="Out of range"):
        calc_run_digest(make_manifest(options={"kappa": float("inf")}))
