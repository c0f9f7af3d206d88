"""Who may see what: viewer, verdict with reason, and release, the only door out."""

from keian.share.release import Released, release
from keian.share.verdict import Verdict, verdict
from keian.share.viewer import RANKING_FLOOR, Viewer, raise_to_floor

__all__ = [
    "RANKING_FLOOR",
    "Released",
    "Verdict",
    "Viewer",
    "raise_to_floor",
    "release",
    "verdict",
]
