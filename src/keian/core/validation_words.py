"""Says in keian's words what pydantic found: found, wanted, fix, at the key people wrote."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

Key = tuple[str | int, ...]
Words = tuple[str, str, str]
# What a file may hold (dicts, tuples, words, numbers) and what a model may ask for (types and
# unions of them): both are taken apart by what they turn out to be.
Plain = Any
Kind = Any

LONGEST_VALUE = 60
WANTED = types.MappingProxyType(
    {
        "string_type": "text",
        "int_type": "a whole number",
        "int_from_float": "a whole number",
        "float_type": "a number",
        "bool_type": "true or false",
        "date_type": "a day, YYYY-MM-DD",
        "tuple_type": "a list",
        "list_type": "a list",
        "dict_type": "a mapping (key: value)",
        "model_type": "a mapping (key: value)",
        "model_attributes_type": "a mapping (key: value)",
        "finite_number": "a finite number",
        "too_short": "more items",
        "too_long": "fewer items",
    }
)
YES_NO = types.MappingProxyType({"yes": "true", "on": "true", "no": "false", "off": "false"})


class RefusedValueError(ValueError):
    """What a validator of a model raises to say found, wanted and fix in its own words."""

    def __init__(self, found: str, wanted: str, fix: str) -> None:
        self.words: Words = (found, wanted, fix)
        super().__init__(f"found {found}, wanted {wanted}; fix: {fix}")


@dataclass(frozen=True, slots=True)
class _Fault:
    """One message of pydantic at the key people wrote."""

    key: Key
    words: Words
    in_union: bool
    whole: bool  # about a key that is missing or unknown: never merged with others


def explain(
    error: ValidationError, model: type[BaseModel], data: Plain
) -> Iterator[tuple[Key, Words]]:
    """Turn the messages of pydantic into (key, (found, wanted, fix)), one per key and fault.

    Parameters
    ----------
    error : what pydantic raised.
    model : the model it raised for.
    data : what was validated.
    """
    faults = [_read_fault(dict(item), model, data) for item in error.errors(include_url=False)]
    for fault in _merge(_drop_shallow(faults)):
        yield fault.key, fault.words


def show_key(key: Key) -> str:
    """Write a key as people write it.

    Examples
    --------
    >>> show_key(("shocks", 0, "loss"))
    'shocks[0].loss'
    """
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in key)
    return text.removeprefix(".")


def show_value(value: object) -> str:
    """Show what was found, short and on one line."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return f"the day {value.isoformat()}"
    if isinstance(value, Mapping):
        return "a mapping with " + (", ".join(map(str, list(value)[:4])) or "no keys")
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def _read_fault(item: dict[str, Any], model: type[BaseModel], data: Plain) -> _Fault:
    kind, loc = item["type"], item["loc"]
    key, skipped = _find_key(loc, data)
    if kind == "missing":
        return _Fault((*key, loc[-1]), _say_missing(str(loc[-1])), in_union=False, whole=True)
    if kind == "extra_forbidden":
        known = _list_known_keys(model, data, key[:-1])
        return _Fault(key, _say_unknown(str(key[-1]), known), in_union=False, whole=True)
    if kind == "union_tag_not_found":
        name = str(item["ctx"]["discriminator"]).strip("'")
        tags = _list_tags(model, data, key, name)
        return _Fault((*key, name), _say_missing(name, tags), in_union=False, whole=True)
    if kind == "union_tag_invalid":
        name = str(item["ctx"]["discriminator"]).strip("'")
        tags = [tag.strip(" '") for tag in item["ctx"]["expected_tags"].split(",")]
        words = _say_choice(item["ctx"]["tag"], tags)
        return _Fault((*key, name), words, in_union=False, whole=False)
    return _Fault(key, _say_wrong(kind, item), in_union=bool(skipped), whole=False)


def _find_key(loc: tuple[str | int, ...], data: Plain) -> tuple[Key, int]:
    """Keep the parts of a location that exist in the data; the others are branches of a union."""
    key: list[str | int] = []
    skipped = 0
    for part in loc:
        if not _holds(data, part):
            skipped += 1
            continue
        data = data[part]
        key.append(part)
    return tuple(key), skipped


def _holds(data: object, part: str | int) -> bool:
    if isinstance(data, Mapping):
        return part in data
    return isinstance(data, list | tuple) and isinstance(part, int) and part < len(data)


def _drop_shallow(faults: list[_Fault]) -> list[_Fault]:
    """Where one branch of a union got further into the value, only that branch is worth telling."""
    deep = [fault.key for fault in faults if fault.in_union]
    return [
        fault
        for fault in faults
        if not fault.in_union
        or not any(len(k) > len(fault.key) and k[: len(fault.key)] == fault.key for k in deep)
    ]


def _merge(faults: Iterable[_Fault]) -> Iterator[_Fault]:
    """Join what the branches of a union wanted at one key."""
    groups: dict[tuple[Key, bool], list[_Fault]] = {}
    for fault in faults:
        groups.setdefault((fault.key, fault.whole), []).append(fault)
    for group in groups.values():
        found, _, fix = group[0].words
        wanted = " or ".join(dict.fromkeys(fault.words[1] for fault in group))
        yield _Fault(group[0].key, (found, wanted, fix), in_union=False, whole=group[0].whole)


def _say_missing(name: str, choices: Iterable[str] = ()) -> Words:
    listed = ", ".join(choices)
    wanted = f"the key {name!r}" + (f" with one of {listed}" if listed else "")
    return "nothing", wanted, f"add `{name}: ...`"


def _say_unknown(name: str, known: Iterable[str]) -> Words:
    listed = sorted(set(known))
    near = get_close_matches(name, listed, n=1, cutoff=0.5)
    fix = f"did you mean {near[0]!r}?" if near else "remove it"
    return f"the unknown key {name!r}", f"one of {', '.join(listed)}", fix


def _say_choice(value: object, choices: Iterable[str]) -> Words:
    listed = list(choices)
    near = get_close_matches(str(value), listed, n=1, cutoff=0.5)
    fix = f"did you mean {near[0]!r}?" if near else "choose one of them"
    return show_value(value), f"one of {', '.join(listed)}", fix


def _say_wrong(kind: str, item: dict[str, Any]) -> Words:
    value, context = item["input"], item.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, RefusedValueError):
        return cause.words
    if kind == "literal_error":
        return _say_choice(value, _split_choices(context["expected"]))
    if kind in WANTED:
        return show_value(value), WANTED[kind], _advise(kind, value)
    if kind == "string_pattern_mismatch":
        wanted = f"text of the form {context['pattern']}"
        return show_value(value), wanted, "use only the characters allowed"
    message = str(item["msg"]).removeprefix("Input should be ").removeprefix("Value error, ")
    return show_value(value), message[:1].lower() + message[1:], "correct the value"


def _advise(kind: str, value: object) -> str:
    if (
        kind == "string_type"
        and value is not None
        and not isinstance(value, list | tuple | Mapping)
    ):
        return "put it in quotes"
    if kind == "bool_type" and str(value).lower() in YES_NO:
        return f"write {YES_NO[str(value).lower()]}"
    if kind in {"int_type", "float_type", "date_type"} and isinstance(value, str):
        return "write it without quotes, unit or leading zero"
    if kind in {"tuple_type", "list_type"} and value is not None:
        return "write it in [brackets] or as lines beginning with `- `"
    return "write " + WANTED[kind]


def _split_choices(expected: str) -> list[str]:
    return [part.strip(" '") for part in expected.replace(" or ", ", ").split(",")]


def _list_known_keys(model: type[BaseModel], data: Plain, key: Key) -> Iterator[str]:
    for candidate in _find_models(model, data, key):
        yield from getattr(candidate, "written_keys", candidate.model_fields)


def _list_tags(model: type[BaseModel], data: Plain, key: Key, name: str) -> list[str]:
    tags: dict[str, None] = {}
    for candidate in _find_models(model, data, key):
        if name in candidate.model_fields:
            tags |= dict.fromkeys(_list_literals(candidate.model_fields[name].annotation))
    return list(tags)


def _find_models(model: type[BaseModel], data: Plain, key: Key) -> list[type[BaseModel]]:
    """Find which models may stand at a key, following the fields and what the data choose."""
    kinds: list[Kind] = [model]
    for part in key:
        below = [kind for kind in kinds for kind in _step(kind, part, data)]
        kinds = [kind for annotation in below for kind in _expand(annotation)]
        data = data[part]
    models = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
    return [kind for kind in models if _fits(kind, data)]


def _step(kind: Kind, part: str | int, data: Plain) -> list[Kind]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if part in kind.model_fields and _fits(kind, data):
            return [kind.model_fields[str(part)].annotation]
        return []
    arguments = [argument for argument in get_args(kind) if argument is not Ellipsis]
    origin = _find_origin(kind)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return arguments[1:]
    return arguments if isinstance(origin, type) and issubclass(origin, tuple | list) else []


def _find_origin(kind: object) -> Kind:
    # Of an argument of type Any the type checker takes the first overload, which is none of ours.
    return get_origin(kind)


def _expand(annotation: Kind) -> list[Kind]:
    """Take unions and Annotated apart."""
    origin = _find_origin(annotation)
    if origin is Annotated:
        return _expand(get_args(annotation)[0])
    if origin in {Union, types.UnionType}:
        return [kind for part in get_args(annotation) for kind in _expand(part)]
    return [annotation]


def _fits(kind: type[BaseModel], data: Plain) -> bool:
    """Tell whether the fixed words of a model (its `kind`) agree with the data."""
    if not isinstance(data, Mapping):
        return True
    for name, field in kind.model_fields.items():
        allowed = _list_literals(field.annotation)
        if field.is_required() and allowed and name in data and data[name] not in allowed:
            return False
    return True


def _list_literals(annotation: Kind) -> tuple[Any, ...]:
    return get_args(annotation) if _find_origin(annotation) is Literal else ()
