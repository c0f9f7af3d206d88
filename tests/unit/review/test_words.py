"""The catalogue of phrases: both languages, the same blanks, no numbers, nothing missing or left over."""

import ast
import re
import string
from pathlib import Path

import pytest

from keian.core import Names, read_yaml
from keian.economy import load_economy
from keian.review import words
from keian.review.inputs import USE_FIELDS, _field
from keian.review.ranges import list_ranges
from keian.review.words import CATALOGUE, join_names, say
from keian.scenario import load_measures, load_scenarios
from keian.scenario import nouns as n

ROOM = Path(words.__file__).parent
PHRASES = read_yaml(CATALOGUE).data
KEY = re.compile(r"^[a-z_]+(\.[a-z_]+)+$")
PREFIXES = {key.split(".")[0] for key in PHRASES}


def blanks(text):
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


@pytest.mark.parametrize("key", PHRASES)
def test_a_phrase_stands_in_both_languages_with_the_same_blanks_and_no_number(key):
    phrase = PHRASES[key]
    assert set(phrase) == {"en", "ja"}
    assert blanks(phrase["en"]) == blanks(phrase["ja"])
    for text in phrase.values():
        assert text.strip() == text != ""
        assert not any(c.isdigit() for c in text), text


def collect_said():
    """Every string in the code that looks like a key of the catalogue, with its blanks if said."""
    found = {}
    for path in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                key = node.value
                if key in PHRASES or (KEY.match(key) and key.split(".")[0] in PREFIXES):
                    found.setdefault(key, set())
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "say"
                and isinstance(node.args[0], ast.Constant)
            ):
                found[node.args[0].value] = {k.arg for k in node.keywords}
    return found


RULE_KEYS = ("how_long.", "runs_out_first.", "what_can_we_do.", "days_wait.", "whom_to_ask.")


def test_every_phrase_that_is_said_exists_with_its_blanks():
    for key, given in collect_said().items():
        if key.startswith(RULE_KEYS) or key.startswith("service."):
            continue
        assert key in PHRASES, key
        if given:
            assert given == blanks(PHRASES[key]["en"]), key


def test_no_phrase_is_left_over():
    fields = {f"field.{name}" for name in list_shock_fields()} | {f"field.{f}" for f in USE_FIELDS}
    code = "\n".join(p.read_text("utf-8") for p in ROOM.glob("*.py"))
    built = {
        key
        for key in PHRASES
        if key.startswith(("field.", "legal.", "unit.")) and f'"{key.partition(".")[2]}"' in code
    }
    rooms = [ROOM.parent / "economy" / "nouns.py", ROOM.parent / "scenario" / "nouns.py"]
    nouns = "\n".join(path.read_text("utf-8") for path in rooms)
    built |= {key for key in PHRASES if f"    {key.removeprefix('field.')}: Triple" in nouns}
    ranges = list_ranges(load_economy(), load_scenarios(), load_measures())
    built |= {f"unit.{r.unit.replace(' ', '_')}" for rows in ranges.values() for r in rows}
    assert set(PHRASES) - set(collect_said()) - fields - built == set()


def list_shock_fields():
    """Fields of shocks whose range can be named as an input."""
    kinds = (
        n.SourceCut, n.RouteClosure, n.CapacityLoss, n.ServiceOutage, n.WorkforceLoss,
        n.DemandSurge, n.StockLoss, n.DecisionDelay,
    )  # fmt: skip
    names = {
        name
        for kind in kinds
        for name, field in kind.model_fields.items()
        if "Triple" in str(field.annotation)
    }
    return {_field(name).removeprefix("field.") for name in names}


def test_every_range_of_a_shock_can_be_named():
    assert {f"field.{name}" for name in list_shock_fields()} <= set(PHRASES)


def test_blanks_take_names_in_either_language():
    made = say("cause.route", route=Names(en="the strait", ja="海峡"))
    assert (made.en, made.ja) == ("closure of the strait", "海峡の閉鎖")
    with pytest.raises(KeyError):
        say("no.such.phrase")
    with pytest.raises(KeyError):
        say("cause.route")


def test_names_are_joined_as_each_language_does():
    three = [Names(en=k, ja=k.upper()) for k in "abc"]
    assert join_names(three) == Names(en="a, b and c", ja="A、B、C")
    assert join_names(three[:1]) == three[0]
    assert join_names([]) == say("none")
