"""May this viewer see a thing with this label, and if not, why: in words that give nothing away."""

from __future__ import annotations

from dataclasses import dataclass

from keian.core import Label
from keian.share.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Verdict:
    """Permitted or not, with a reason that is safe to show to the viewer.

    The reason names levels, which stand on every banner. It never names a compartment or a group
    that the viewer is not in, nor anything from the thing itself.
    """

    permitted: bool
    reason: str


def verdict(viewer: Viewer, label: Label) -> Verdict:
    """Judge whether a viewer may see what carries a label.

    Examples
    --------
    >>> from keian.core import AMBER
    >>> verdict(Viewer("TLP:GREEN"), AMBER).reason
    'it is labelled TLP:AMBER and the viewer may see up to TLP:GREEN'
    """
    if label.order > viewer.order:
        reason = f"it is labelled {label.level} and the viewer may see up to {viewer.level}"
    elif not label.compartments <= viewer.compartments:
        reason = "it belongs to a compartment that the viewer is not in"
    elif label.releasable_to is not None and not label.releasable_to & viewer.groups:
        reason = "it may be released to certain groups only and the viewer is in none of them"
    else:
        return Verdict(permitted=True, reason=f"the viewer may see up to {viewer.level}")
    return Verdict(permitted=False, reason=reason)
