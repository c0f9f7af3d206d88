"""Change sets: one file, checked as a whole, laid over the shipped registers or not at all."""

import re
from datetime import date
from pathlib import Path

import pytest

from keian.core import InputError
from keian.registers import load_shelf
from keian.registers.change_sets import (
    keep_change_set,
    list_acting,
    read_change_set,
    read_change_sets,
)
from keian.registers.load import DATA
from keian.registers.set_diff import compare_shelves, find_touching, list_sunsets

HOW_TO = Path(__file__).parents[3] / "docs" / "how-to" / "registers.md"
TODAY = date(2026, 11, 23)
HEAD = "id: {id}\non: 2026-11-20\nauthor: A. Officer\nreason: Cabinet decision\n"
SOURCE = """sources:
  - {id: u-decision, title: Cabinet decision, grade: A, kind: published}
"""
CHANGES = """changes:
  - do: add
    into: policies
    entry:
      id: H-81
      names: {en: Stock of magnets, ja: 磁石の備蓄}
      value: {lead: METI, instrument: budget, progress: planned, asked_by: [nss22.vi-2-5]}
      status: proposed
      in_force_from: null
    sources: [u-decision]
  - do: close
    id: H-07
    in_force_to: 2026-11-21
    sources: [u-decision p. 3]
  - do: correct
    id: H-03
    to: {in_force_from: 2022-11-11, value: {lead: METI, partners: [NEDO]}}
    reason: The day was read
    sources: [u-decision p. 4]
"""


def write(folder, text, name="one"):
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def make(folder, name="one", changes=CHANGES, head=HEAD):
    return read_change_set(write(folder, head.format(id=name) + SOURCE + changes, name))


def refuse(call, *arguments, **options):
    with pytest.raises(InputError) as told:
        call(*arguments, **options)
    return {(p.where.split(" ", 1)[1], p.found) for p in told.value.problems}


def test_a_set_adds_closes_and_corrects_and_every_entry_names_its_source(tmp_path):
    shelf = load_shelf(sets=[make(tmp_path)])
    added, closed, corrected = (shelf.find(name)[-1] for name in ("H-81", "H-07", "H-03"))
    assert (added.sources, added.known_from) == (("u-decision",), date(2026, 11, 20))
    assert closed.in_force_to == date(2026, 11, 21)
    assert closed.reason == "Cabinet decision"
    assert closed.sources == ("u-decision", "w-battery-plans", "w-goods-11")
    assert closed.places["u-decision"] == "p. 3"
    assert corrected.in_force_from == date(2022, 11, 11)
    assert corrected.text("instrument") == load_shelf().find("H-03")[-1].text("instrument")
    assert corrected.ids("partners") == ("NEDO",)
    assert corrected.reason == "The day was read"
    assert "H-07" in shelf.at(date(2026, 11, 20))["policies"]
    assert "H-07" not in shelf.at(date(2026, 11, 21))["policies"]


def test_an_untouched_entry_is_as_shipped(tmp_path):
    plain, laid = load_shelf(), load_shelf(sets=[make(tmp_path)])
    touched = {"H-81", "H-07", "H-03"}
    left = [(n, e) for n, e in laid.entries() if e.id not in touched]
    assert left == [(n, e) for n, e in plain.entries() if e.id not in touched]


def test_correcting_nothing_changes_nothing_but_the_source_and_the_reason(tmp_path):
    """What is written out of an entry and read again must be the same entry."""
    plain = load_shelf()
    for name, register in plain.registers.items():
        if not register.entries:
            continue
        entry = register.entries[-1]
        kind = f"{{do: correct, id: {entry.id}, to: {{}}, sources: [u-decision], reason: x}}"
        shelf = load_shelf(
            sets=[make(tmp_path, f"set-{name.replace('_', '-')}", f"changes: [{kind}]\n")]
        )
        assert {d.field for d in compare_shelves(plain, shelf)} == {"sources"}, name
        after = shelf.find(entry.id)[-1]
        assert (after.value, after.names, after.status) == (entry.value, entry.names, entry.status)


def test_the_shipped_files_stay_as_they_are(tmp_path):
    before = {p: p.read_bytes() for p in DATA.rglob("*.yaml")}
    keep_change_set(tmp_path / "changes", make(tmp_path), TODAY)
    load_shelf(sets=read_change_sets(tmp_path / "changes"))
    assert {p: p.read_bytes() for p in DATA.rglob("*.yaml")} == before


def test_all_problems_of_a_set_come_together_with_their_lines(tmp_path):
    text = (
        "id: bad\non: 2026-11-20\nauthor: ' '\nreason: x\nfast_track: true\nlabel: secret\nchanges:\n"
        "  - {do: add, into: policies, entry: {}, sources: []}\n"
        "  - {do: correct, id: H-03, in_force_to: 2026-11-21, sources: [l-espa]}\n"
        "  - {do: correct, id: H-03, to: {id: H-04}, sources: [l-espa]}\n"
    )
    places = {where for where, _ in refuse(read_change_set, write(tmp_path, text))}
    assert places == {
        "author", "label", "sunset", "changes[0].sources", "changes[1].in_force_to",
        "changes[1].to", "changes[2].to.id",
    }  # fmt: skip


def test_what_does_not_fit_the_registers_is_refused_as_a_whole(tmp_path):
    changes = """changes:
  - {do: add, into: polices, entry: {id: H-82}, sources: [l-espa]}
  - {do: close, id: H-999, in_force_to: 2026-11-21, sources: [l-espa]}
  - {do: close, id: H-07, in_force_to: 2000-01-01, sources: [l-espa]}
  - {do: correct, id: H-03, to: {value: {asked_by: [nowhere]}}, sources: [no-such]}
  - {do: correct, id: H-05, to: {value: {progress: wrong}}, sources: [l-espa]}
"""
    read = make(tmp_path, "two", changes)
    told = refuse(load_shelf, sets=[read])
    assert ("changes[0].into", "'polices'") in told
    assert ("changes[1].id", "'H-999'") in told
    assert ("changes[2].in_force_to", "2000-01-01") in told
    assert ("changes[4].to.value.progress", "'wrong'") in told
    assert any("no-such" in found for _, found in told)
    assert any("nowhere" in found for _, found in told)


def test_a_second_end_is_refused_but_can_be_corrected(tmp_path):
    first = make(tmp_path)
    again = "changes: [{do: close, id: H-07, in_force_to: 2026-11-22, sources: [l-espa]}]\n"
    told = refuse(load_shelf, sets=[first, make(tmp_path, "two", again)])
    assert told == {("changes[0].in_force_to", "H-07 has ended on 2026-11-21 already")}
    mended = again.replace("do: close", "do: correct").replace(
        "in_force_to: 2026-11-22", "to: {in_force_to: 2026-11-22}"
    )
    shelf = load_shelf(sets=[first, make(tmp_path, "three", mended)])
    assert shelf.find("H-07")[-1].in_force_to == date(2026, 11, 22)


def test_a_period_can_be_named(tmp_path):
    change = "changes: [{do: correct, id: ship-parts, period: 2022-12-23, to: {note: Seen}, sources: [l-espa]}]\n"
    first, second = load_shelf(sets=[make(tmp_path, changes=change)]).find("ship-parts")
    assert (first.note, second.note == "Seen") == ("Seen", False)


def test_a_fast_set_ends_by_itself_on_its_sunset(tmp_path):
    head = HEAD + "fast_track: true\nsunset: 2026-12-31\n"
    read = make(tmp_path, head=head)
    assert list_acting([read], date(2026, 11, 19)) == ()
    assert list_acting([read], date(2026, 11, 20)) == (read,)
    assert list_acting([read], date(2026, 12, 30)) == (read,)
    (ended,) = list_acting([read], date(2026, 12, 31))
    assert ended.ended
    (due,) = list_sunsets([read], [], TODAY)
    assert (due.on, due.kind, due.owner, due.overdue) == (
        date(2026, 12, 31),
        "sunset",
        "A. Officer",
        False,
    )


@pytest.mark.parametrize("asked", [TODAY, date(2028, 1, 1)])
def test_what_a_fast_set_changes_holds_until_its_sunset_and_no_longer(tmp_path, asked):
    """Whenever it is asked: the answer for a day does not hang on the day of the question."""
    head = HEAD + "fast_track: true\nsunset: 2027-02-20\n"
    good = """  - do: add
    into: designations
    entry:
      id: helium
      names: {en: Helium, ja: ヘリウム}
      value: {number: 17, minister: METI}
      status: in_force
      in_force_from: 2026-11-21
    sources: [u-decision]
"""
    sets = list_acting([make(tmp_path, head=head, changes=CHANGES + good)], asked)
    shelf, plain = load_shelf(sets=sets), load_shelf()
    last, after = date(2027, 2, 19), date(2027, 2, 20)

    def count(of, on):
        return sum(e.part_of is None for e in of.at(on)["designations"])

    assert count(shelf, last) == count(plain, last) + 1
    assert count(shelf, after) == count(plain, after)
    policies = shelf.at(last)["policies"]
    assert "H-07" not in policies
    assert policies.find("H-03").ids("partners") == ("NEDO",)
    policies = shelf.at(after)["policies"]
    assert policies.find("H-07").value == plain.find("H-07")[-1].value
    # H-03 and H-81 had no day of force before the set.
    assert not {"H-03", "H-81"} & {e.id for e in policies}


def test_a_change_that_would_only_act_after_the_sunset_is_refused(tmp_path):
    head = HEAD + "fast_track: true\nsunset: 2026-11-21\n"
    late = "  - {do: correct, id: H-05, to: {in_force_from: 2027-01-01}, sources: [l-espa]}\n"
    told = refuse(load_shelf, sets=[make(tmp_path, head=head, changes=CHANGES + late)])
    assert told == {
        ("changes[1].in_force_to", "2026-11-21"),
        ("changes[3].to", "H-05 from 2027-01-01"),
    }


def test_an_entry_without_a_day_is_as_changed_until_the_sunset_has_come(tmp_path):
    head = HEAD + "fast_track: true\nsunset: 2027-02-20\n"
    change = "changes: [{do: correct, id: H-64, to: {value: {lead: METI}}, sources: [l-espa]}]\n"
    read = make(tmp_path, head=head, changes=change)
    leads = [
        load_shelf(sets=list_acting([read], day)).find("H-64")[-1].text("lead")
        for day in (TODAY, date(2027, 2, 20))
    ]
    assert leads == ["METI", "MOF"]


def test_a_label_travels_with_the_entries_of_a_set(tmp_path):
    shelf = load_shelf(sets=[make(tmp_path, head=HEAD + "label: TLP:AMBER\n")])
    assert shelf.find("H-81")[-1].label.level == "TLP:AMBER"
    assert shelf["policies"].label.level == "TLP:AMBER"
    assert shelf["acts"].label.level == "TLP:CLEAR"
    assert shelf.label.level == "TLP:AMBER"


def test_the_difference_names_each_field(tmp_path):
    read = make(tmp_path)
    found = compare_shelves(load_shelf(), load_shelf(sets=[read]))
    assert {(d.entry.id, d.field) for d in found} == {
        ("H-81", ""), ("H-07", "in_force_to"), ("H-03", "in_force_from"), ("H-03", "value.partners"),
    }  # fmt: skip
    assert find_touching([read], "H-81") == find_touching([read], "H-03") == (read,)
    assert find_touching([read], "H-04") == ()


def test_a_set_is_kept_once_and_not_before_its_day(tmp_path):
    read, folder = make(tmp_path), tmp_path / "changes"
    assert refuse(keep_change_set, folder, read, date(2026, 11, 19)) == {("on", "2026-11-20")}
    assert not folder.exists()
    kept = keep_change_set(folder, read, TODAY)
    assert [each.made.id for each in read_change_sets(folder)] == ["one"]
    assert kept.read_bytes() == (tmp_path / "one.yaml").read_bytes()
    assert refuse(keep_change_set, folder, read, TODAY) == {("id", "'one'")}


def test_a_source_cannot_be_redefined(tmp_path):
    text = (
        HEAD.format(id="one")
        + "sources: [{id: l-espa, title: Another, grade: A, kind: published}]\n"
    )
    read = read_change_set(write(tmp_path, text + CHANGES.replace("u-decision", "l-espa")))
    assert ("sources[0].id", "'l-espa'") in refuse(load_shelf, sets=[read])


def test_the_set_that_the_how_to_shows_applies(tmp_path):
    (shown,) = re.findall(r"```yaml\n(id: .*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    shelf = load_shelf(sets=[read_change_set(write(tmp_path, shown))])
    assert shelf.find("agenda.batteries")[-1].label.level == "TLP:GREEN"
