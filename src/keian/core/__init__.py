"""Ground of every room: errors, sources, figures, labels, documents, tables, digests, streams."""

from keian.core.digest import digest_bytes, digest_file, digest_files, digest_json, to_plain
from keian.core.documents import DOCUMENT, Names
from keian.core.errors import (
    ClearanceError,
    DataError,
    InputError,
    KeianError,
    KeianWarning,
    ModelError,
    NotInForce,
    Problem,
)
from keian.core.figure import Figure
from keian.core.label import (
    AMBER,
    AMBER_STRICT,
    CLEAR,
    GREEN,
    RED,
    Label,
    Labelled,
    Level,
    join_labels,
    load_levels,
)
from keian.core.path_guard import find_inside, is_plain_name
from keian.core.source import Source, load_sources
from keian.core.streams import calc_uniform, draw_uniform
from keian.core.table import Column, Table, load_schema
from keian.core.table_read import read_table
from keian.core.text_read import read_text
from keian.core.texts import tell_text
from keian.core.triple import Triple
from keian.core.yaml_read import (
    YamlDoc,
    describe_place,
    examine_yaml,
    load_document,
    read_yaml,
    validate,
)

__all__ = [
    "AMBER",
    "AMBER_STRICT",
    "CLEAR",
    "DOCUMENT",
    "GREEN",
    "RED",
    "ClearanceError",
    "Column",
    "DataError",
    "Figure",
    "InputError",
    "KeianError",
    "KeianWarning",
    "Label",
    "Labelled",
    "Level",
    "ModelError",
    "Names",
    "NotInForce",
    "Problem",
    "Source",
    "Table",
    "Triple",
    "YamlDoc",
    "calc_uniform",
    "describe_place",
    "digest_bytes",
    "digest_file",
    "digest_files",
    "digest_json",
    "draw_uniform",
    "examine_yaml",
    "find_inside",
    "is_plain_name",
    "join_labels",
    "load_document",
    "load_levels",
    "load_schema",
    "load_sources",
    "read_table",
    "read_text",
    "read_yaml",
    "tell_text",
    "to_plain",
    "validate",
]
