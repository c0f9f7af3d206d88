"""A thing with parts for the tests of release: a file of notes, some more restricted than others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from keian.core import CLEAR, Label, join_labels


@dataclass(frozen=True)
class Note:
    text: str
    label: Label
    inner: Mapping[str, Note] = field(default_factory=dict)

    def parts(self) -> Mapping[str, Note]:
        return self.inner

    def without(self, names: Collection[str]) -> Note:
        left = {name: part for name, part in self.inner.items() if name not in names}
        return replace(self, inner=left)


@dataclass(frozen=True)
class Notes:
    """The join of its notes is its label; `floor` is the least."""

    notes: Mapping[str, Note]
    floor: Label = CLEAR

    @property
    def label(self) -> Label:
        return join_labels(self.floor, *(note.label for note in self.notes.values()))

    def parts(self) -> Mapping[str, Note]:
        return self.notes

    def without(self, names: Collection[str]) -> Notes:
        left = {name: note for name, note in self.notes.items() if name not in names}
        return Notes(left, self.floor)
