"""Write docs/reference from the code: documents, tables, command line.

Run `python -m tools.write_reference` from the project's folder after a change of a model, a schema
or a command; a test compares the pages with what this script makes.
"""

import csv
import inspect
import re
import types
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from typer.core import TyperCommand, TyperGroup, TyperOption

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "reference"
PLAIN: Mapping[object, str] = MappingProxyType(
    {
        str: "text",
        int: "whole number",
        float: "number",
        bool: "true or false",
        date: "date",
        type(None): "null",
    }
)
SHORT = MappingProxyType({"Triple": "number or range", "Names": "{en, ja}"})
FIELD_COMMENT = re.compile(r"^\s+(\w+):.*?\s#\s(.+)$", re.MULTILINE)


def show_type(annotation: object) -> str:
    """Say in words what a field of a document takes."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation in PLAIN:
        return PLAIN[annotation]
    if origin is Annotated:
        return show_type(arguments[0])
    if origin is Literal:
        return ", ".join(f"`{choice}`" for choice in arguments)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(map(show_type, arguments)))
    if origin is tuple:
        return f"list of {show_type(arguments[0])}"
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        name = annotation.__name__
        return SHORT.get(name, f"[{name}](#{name.lower()})")
    return getattr(annotation, "__name__", str(annotation))


def show_default(field: FieldInfo) -> str:
    """Say what stands when a field is left out."""
    if field.is_required():
        return "needed"
    value = field.get_default(call_default_factory=False)
    if value is None:
        return "null"
    if type(value).__name__ == "Triple":
        return f"`{value.mode:g}`"
    return f"`{value}`" if value != () else "empty"


def list_models(annotation: object) -> Iterator[type[BaseModel]]:
    """Yield the models a field may hold, in the order in which they are written."""
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        if annotation.__name__ not in SHORT:
            yield annotation
        return
    for argument in get_args(annotation):
        yield from list_models(argument)


def collect_models(roots: tuple[type[BaseModel], ...]) -> list[type[BaseModel]]:
    """Return the models reachable from the roots, each once, parents first."""
    found: list[type[BaseModel]] = []
    waiting = list(roots)
    while waiting:
        model = waiting.pop(0)
        if model not in found:
            found.append(model)
            nested = (list_models(field.annotation) for field in model.model_fields.values())
            waiting[:0] = [inner for models in nested for inner in models]
    return found


def read_comments(model: type[BaseModel]) -> dict[str, str]:
    """Return what the code says beside each field, also of inherited ones."""
    notes: dict[str, str] = {}
    for parent in reversed(model.__mro__):
        if issubclass(parent, BaseModel) and parent is not BaseModel:
            notes |= dict(FIELD_COMMENT.findall(inspect.getsource(parent)))
    return notes


def make_rows(header: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """Set rows as a Markdown table."""
    cells = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(c.replace("|", "\\|") for c in row) + " |" for row in cells)


def describe_model(model: type[BaseModel]) -> str:
    """Set one model as a section: what it is, and a row per field."""
    notes = read_comments(model)
    rows = (
        (f"`{name}`", show_type(field.annotation), show_default(field), notes.get(name, ""))
        for name, field in model.model_fields.items()
    )
    text = " ".join((model.__doc__ or "").split())
    table = make_rows(("field", "value", "if left out", "meaning"), rows)
    return f"## {model.__name__}\n\n{text}\n\n{table}\n"


def write_documents() -> str:
    """Make the page of the documents people write."""
    from keian.scenario import Measure, Scenario

    head = (
        "# Documents\n\nWhat a scenario and a measure may say, from the models that read them. Unknown fields are refused.\n"
        "A *number or range* is a bare number, `[low, mode, high]` or `{low, mode, high}`: see [conventions 18](../conventions.md).\n"
    )
    return "\n".join([head, *map(describe_model, collect_models((Scenario, Measure)))])


def write_tables() -> str:
    """Make the page of the tables, one section per schema."""
    sections = [
        "# Tables\n\nColumns of every table, from the schemas that check them on reading.\n"
    ]
    for path in sorted((ROOT / "src" / "keian").glob("**/schema/*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            columns = list(csv.DictReader(lines))
        header = tuple(columns[0])
        rows = (tuple(column[key] or "" for key in header) for column in columns)
        room = path.relative_to(ROOT / "src" / "keian").parts[0]
        sections.append(f"## {room}: {path.stem}\n\n{make_rows(header, rows)}\n")
    return "\n".join(sections)


def show_default_of_option(parameter: Any) -> str:  # noqa: ANN401 - typer keeps the types of its own copy of click private
    """Say what stands when an option is not given."""
    if parameter.required:
        return "needed"
    value = parameter.default
    if value is None or callable(value) or value in ([], ()) or "Sentinel" in type(value).__name__:
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def describe_command(name: str, command: TyperCommand | TyperGroup) -> str:
    """Set one command as a section: its help, and a row per argument and option."""
    rows = []
    for parameter in command.params:
        if parameter.name == "help":
            continue
        is_option = isinstance(parameter, TyperOption)
        written = [*parameter.opts, *parameter.secondary_opts]
        names = written if is_option else [str(parameter.name).upper()]
        help_text = " ".join((getattr(parameter, "help", None) or "").split())
        rows.append(
            (", ".join(f"`{n}`" for n in names), show_default_of_option(parameter), help_text)
        )
    text = inspect.cleandoc(command.help or "").replace("\b\n", "")
    table = make_rows(("argument or option", "default", "meaning"), iter(rows)) if rows else ""
    return f"## {name}\n\n{text}\n\n{table}\n"


def list_commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - typer keeps the types of its own copy of click private
    """Yield a command and those inside it, by the words that call them."""
    yield name, command
    for word, inner in sorted(getattr(command, "commands", {}).items()):
        yield from list_commands(f"{name} {word}", inner)


def write_command_line() -> str:
    """Make the page of the command line."""
    from typer.main import get_command

    from keian.cli import app

    door: Any = get_command(app)
    commands = dict(list_commands("keian", door))
    head = "# Command line\n\nEvery command and option of `keian`, from the command itself.\n"
    return "\n".join(
        [head, *(describe_command(name, command) for name, command in commands.items())]
    )


WRITERS: MappingProxyType[str, tuple[str, Callable[[], str]]] = MappingProxyType(
    {
        "documents.md": ("keian.scenario", write_documents),
        "tables.md": ("keian", write_tables),
        "command-line.md": ("keian.cli", write_command_line),
    }
)


def main() -> None:
    """Write every page whose room is there."""
    PAGES.mkdir(parents=True, exist_ok=True)
    for page, (room, write) in WRITERS.items():
        if find_spec(room):
            (PAGES / page).write_text(write(), encoding="utf-8")


if __name__ == "__main__":
    main()
