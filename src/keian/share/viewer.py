"""Who looks: a level, compartments and groups."""

from __future__ import annotations

from dataclasses import dataclass

from keian.core import AMBER, Label, load_levels


@dataclass(frozen=True, slots=True)
class Viewer:
    """What the reader of an output may see.

    On a laptop the viewer is a setting, not an identity: it prevents mistakes (a report handed to
    the wrong people) and controls no access. The default is the highest level at which the
    findings of a review can be shown at all.

    Attributes
    ----------
    level : id of the highest level, e.g. `TLP:AMBER`.
    compartments : compartments the viewer is in.
    groups : groups the viewer belongs to.
    """

    level: str = AMBER.level
    compartments: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse unknown levels, with the words a label uses."""
        checked = Label(self.level, self.compartments, self.groups)
        object.__setattr__(self, "compartments", checked.compartments)
        object.__setattr__(self, "groups", checked.releasable_to or frozenset())

    @property
    def order(self) -> int:
        """Rank of the level; 0 sees only what anyone may see."""
        return load_levels()[self.level].order


# A list of a country's weak points is an aim for whoever wants to hurt it, even when every
# number in it is public; so no ranking is ever labelled below this.
RANKING_FLOOR = AMBER


def raise_to_floor(label: Label, floor: Label = RANKING_FLOOR) -> Label:
    """Calculate the label of something that ranks weak points, whatever its inputs are labelled.

    Examples
    --------
    >>> from keian.core import GREEN, RED
    >>> str(raise_to_floor(GREEN)), str(raise_to_floor(RED))
    ('TLP:AMBER', 'TLP:RED')
    """
    return label.join(floor)
