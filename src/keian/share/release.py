"""The only door out: nothing is reported, shown or exported except as `Released`."""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from typing import Final, Generic, TypeVar

from keian.core import ClearanceError, Label, Labelled
from keian.share.verdict import Verdict, verdict
from keian.share.viewer import Viewer

T = TypeVar("T", bound=Labelled)

_SEAL: Final = object()
DEEPEST = 32  # parts within parts; deeper is a mistake in `parts()`


@dataclass(frozen=True, slots=True)
class Released(Generic[T]):
    """A thing that its viewer may see. Only `release` can make one.

    Attributes
    ----------
    value : the thing, without the parts that the viewer may not see.
    viewer : whom it was released to.
    withheld_count : number of parts taken out; their names may be as telling as their content.
    """

    value: T
    viewer: Viewer
    withheld_count: int
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        """Refuse to be made anywhere else."""
        if seal is not _SEAL:
            raise ClearanceError("only keian.share.release makes Released; fix: call release()")

    @property
    def label(self) -> Label:
        """Label of what was released."""
        return self.value.label


def release(thing: T, viewer: Viewer) -> Released[T]:
    """Let a viewer see a thing, without the parts that are not for this viewer.

    Parameters
    ----------
    thing : anything with `label`, `parts()` and `without(names)`.
    viewer : who will see it.

    Raises
    ------
    ClearanceError
        Nothing of it may be seen, or it carries no label; `.reason` is safe to show.

    Examples
    --------
    >>> from keian.core import AMBER, Figure
    >>> shown = release(Figure(9, 7, 12, unit="d", kind="input", label=AMBER, trace="x"), Viewer())
    >>> shown.value.value
    9.0
    """
    _refuse_unlabelled(thing)
    hidden = tuple(name for name, part in thing.parts().items() if not _may_see(part, viewer))
    left = thing.without(hidden) if hidden else thing
    _refuse_unlabelled(left)
    judged = _judge_whole(left, viewer)
    if not judged.permitted:
        raise ClearanceError(f"not released: {judged.reason}")
    return Released(left, viewer, len(hidden), _SEAL)


def _may_see(thing: object, viewer: Viewer, depth: int = 0) -> bool:
    """Tell whether a viewer may see a thing and everything in it, whatever label it claims."""
    _refuse_unlabelled(thing)
    if depth > DEEPEST:
        raise ClearanceError("not released: its parts contain each other; fix: correct parts()")
    return isinstance(thing, Labelled) and (
        verdict(viewer, thing.label).permitted
        and all(_may_see(part, viewer, depth + 1) for part in thing.parts().values())
    )


def _judge_whole(thing: Labelled, viewer: Viewer) -> Verdict:
    """Judge what is left: its own label, and once more every part, so that no `without` leaks."""
    judged = verdict(viewer, thing.label)
    if judged.permitted and not _may_see(thing, viewer):
        reason = "a part that the viewer may not see could not be taken out"
        return Verdict(permitted=False, reason=reason)
    return judged


def _refuse_unlabelled(thing: object) -> None:
    """Deny what does not say who may see it."""
    if not isinstance(thing, Labelled) or not isinstance(thing.label, Label):
        name = type(thing).__name__
        raise ClearanceError(f"not released: {name} carries no label; fix: label it first")
