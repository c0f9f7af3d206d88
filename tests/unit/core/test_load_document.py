"""A document is right, or every fault is told with file, line, key, found, wanted and fix."""

from datetime import date
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from keian.core import DOCUMENT, InputError, Names, Triple, load_document, read_yaml, validate

SOUND = """\
id: x
names: {en: X, ja: 試}
as_of: 2026-11-22
days: 30
strict: true
shocks:
  - {kind: cut, origin: CHN, loss: [0.1, 0.2, 0.3]}
  - kind: close
    route: hormuz
    goods: [oil, gas]
"""


class Cut(BaseModel):
    model_config = DOCUMENT
    kind: Literal["cut"]
    origin: str
    loss: Triple


class Close(BaseModel):
    model_config = DOCUMENT
    kind: Literal["close"]
    route: Annotated[str, Field(pattern=r"^[a-z]+$")]
    goods: tuple[str, ...] | Literal["all", "none"] = "all"


class Doc(BaseModel):
    model_config = DOCUMENT
    id: str
    names: Names
    as_of: date
    days: int = Field(ge=1, le=100)
    strict: bool = False
    shocks: tuple[Annotated[Cut | Close, Field(discriminator="kind")], ...] = ()
    extra: dict[str, float] = {}


def refuse(tmp_path, *changes):
    text = SOUND
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = tmp_path / "d.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load_document(file, Doc)
    return [
        (p.where.removeprefix(f"{file}"), p.found, p.wanted, p.fix) for p in refused.value.problems
    ]


def test_sound_document_loads(tmp_path):
    (tmp_path / "d.yaml").write_text(SOUND, encoding="utf-8")
    doc = load_document(tmp_path / "d.yaml", Doc)
    assert doc.as_of == date(2026, 11, 22)
    assert doc.shocks[1].goods == ("oil", "gas")
    assert doc.shocks[0].loss.mode == 0.2


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("days: 30", "dayz: 30"), (":4 dayz", "the unknown key 'dayz'", "one of as_of, days, extra, id, names, shocks, strict", "did you mean 'days'?")),
        (("origin:", "orign:"), (":7 shocks[0].orign", "the unknown key 'orign'", "one of kind, loss, origin", "did you mean 'origin'?")),
        (("en: X", "em: X"), (":2 names.em", "the unknown key 'em'", "one of en, ja", "did you mean 'en'?")),
        (("route: hormuz\n", "zzz: 1\n    route: hormuz\n"), (":9 shocks[1].zzz", "the unknown key 'zzz'", "one of goods, kind, route", "remove it")),
        (("days: 30\n", ""), (":1 days", "nothing", "the key 'days'", "add `days: ...`")),
        (("route: hormuz\n    ", ""), (":8 shocks[1].route", "nothing", "the key 'route'", "add `route: ...`")),
        (("kind: close", "kind: closure"), (":8 shocks[1].kind", "'closure'", "one of cut, close", "did you mean 'close'?")),
        (("kind: close\n    ", ""), (":8 shocks[1].kind", "nothing", "the key 'kind' with one of cut, close", "add `kind: ...`")),
        (("days: 30", "days: '30'"), (":4 days", "'30'", "a whole number", "write it without quotes, unit or leading zero")),
        (("days: 30", "days: true"), (":4 days", "true", "a whole number", "write a whole number")),
        (("days: 30", "days: 1.5"), (":4 days", "1.5", "a whole number", "write a whole number")),
        (("days: 30", "days:"), (":4 days", "nothing", "a whole number", "write a whole number")),
        (("days: 30", "days: 030"), (":4 days", "'030'", "a whole number", "write it without quotes, unit or leading zero")),
        (("days: 30", "days: 101"), (":4 days", "101", "less than or equal to 100", "correct the value")),
        (("strict: true", "strict: yes"), (":5 strict", "'yes'", "true or false", "write true")),
        (("strict: true", "strict: off"), (":5 strict", "'off'", "true or false", "write false")),
        (("strict: true", "strict: 1"), (":5 strict", "1", "true or false", "write true or false")),
        (("2026-11-22", "20261122"), (":3 as_of", "20261122", "a day, YYYY-MM-DD", "write a day, YYYY-MM-DD")),
        (("2026-11-22", "'2026-11-22'"), (":3 as_of", "'2026-11-22'", "a day, YYYY-MM-DD", "write it without quotes, unit or leading zero")),
        (("id: x", "id: 7"), (":1 id", "7", "text", "put it in quotes")),
        (("id: x", "id: 2026-01-01"), (":1 id", "the day 2026-01-01", "text", "put it in quotes")),
        (("origin: CHN", "origin: true"), (":7 shocks[0].origin", "true", "text", "put it in quotes")),
        (("loss: [0.1, 0.2, 0.3]", "loss: [0.3, 0.2, 0.1]"), (":7 shocks[0].loss", "low 0.3, mode 0.2, high 0.1", "low <= mode <= high", "put the three numbers in order")),
        (("goods: [oil, gas]", "goods: some"), (":10 shocks[1].goods", "'some'", "a list or one of all, none", "write it in [brackets] or as lines beginning with `- `")),
        (("goods: [oil, gas]", "goods: [oil, 3]"), (":10 shocks[1].goods[1]", "3", "text", "put it in quotes")),
        (("route: hormuz", "route: Hormuz"), (":9 shocks[1].route", "'Hormuz'", "text of the form ^[a-z]+$", "use only the characters allowed")),
        (("names: {en: X, ja: 試}", "names: X"), (":2 names", "'X'", "a mapping (key: value)", "write a mapping (key: value)")),
    ],
    ids=lambda value: value[1] if isinstance(value[0], str) and len(value) == 2 else "",
)  # fmt: skip
def test_one_fault_is_told_once_and_fully(tmp_path, change, problem):
    assert problem in refuse(tmp_path, change)


def test_one_fault_is_one_problem(tmp_path):
    assert len(refuse(tmp_path, ("goods: [oil, gas]", "goods: some"))) == 1
    assert len(refuse(tmp_path, ("goods: [oil, gas]", "goods: [oil, 3]"))) == 1
    assert len(refuse(tmp_path, ("loss: [0.1, 0.2, 0.3]", "loss: yes"))) == 1


def test_all_faults_come_together_in_the_order_of_the_lines(tmp_path):
    told = refuse(
        tmp_path,
        ("as_of: 2026-11-22", "as_of: 2026-02-30"),
        ("days: 30", "days: 0"),
        ("strict: true", "strict: yes\nstrict: no"),
        ("origin: CHN", "orign: CHN"),
        ("route: hormuz", "route: .nan"),
    )
    places = [where for where, *_ in told]
    assert places == [
        ":3 as_of", ":4 days", ":6 strict", ":8 shocks[0].origin", ":8 shocks[0].orign",
        ":10 shocks[1].route",
    ]  # fmt: skip


def test_a_document_that_is_no_mapping_is_told_at_its_line(tmp_path):
    (tmp_path / "d.yaml").write_text("- a\n- b\n")
    with pytest.raises(InputError, match=r"d\.yaml:1: found a list of 2, wanted a mapping"):
        load_document(tmp_path / "d.yaml", Doc)


def test_documents_of_a_list_are_told_at_their_places(tmp_path):
    (tmp_path / "l.yaml").write_text("- {en: a, ja: b}\n- {en: a}\n")
    doc = read_yaml(tmp_path / "l.yaml")
    sound, none = validate(doc.data[0], Names, doc.lines, doc.path, at=(0,))
    assert (sound, none) == (Names(en="a", ja="b"), ())
    broken, problems = validate(doc.data[1], Names, doc.lines, doc.path, at=(1,))
    assert broken is None
    assert [p.where for p in problems] == [f"{doc.path}:2 [1].ja"]
