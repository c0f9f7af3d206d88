"""Invented sources and assumptions of the sample review."""

from __future__ import annotations

from keian.core import Names, Source
from keian.review.nouns import AssumptionLine

# mark, id, title, kind, grade, vintage, range, moves en, moves ja
ROWS = (
    ("A1", "hospital_share", "Hospital supplies made from naphtha", "assumption", None, "2027", "55% (40–70)", "day 41 by 9 days", "41日目を9日"),
    ("A2", "saving", "Users start saving fuel after", "assumption", None, "2027", "10 d (3–25)", "loss by a factor of 2", "損失を2倍"),
    ("A3", "queue", "Orders wait at a closed strait", "assumption", None, "2027", "7 d (3–14)", "day 23 by 2 days", "23日目を2日"),
    ("S1", "table", "Input–output table, 15 regions by 35 industries", "published", "B", "2011", None, "all money figures", "金額のすべて"),
    ("S2", "measures", "Measures catalogue, deciders and law", "published", "C", "1 Mar 2027", None, "days bought", "延びる日数"),
    ("S3", "feedstock", "Feedstock shares of ethylene and resin", "published", "C", "2024", "96%; 62%", "day 41 by 3 days", "41日目を3日"),
    ("S4", "stocks", "Stock survey by owner", "published", "B", "31 Dec 2026", None, "order of what runs out", "尽きる順序"),
    ("S5", "floors", "Service floors and backup hours", "published", "C", "2025", None, "heat map", "サービスの図"),
    ("S6", "spare", "Trade press, spare supply abroad", "published", "C", "2026", "62% (45–80)", "whom we ask", "頼む相手"),
    ("S7", "anchors", "Published estimates of losses", "published", "C", "2025", None, None, None),
)  # fmt: skip


def sample_lines() -> tuple[AssumptionLine, ...]:
    """Assumptions first, then sources."""
    return tuple(
        AssumptionLine(
            source=Source(
                id=key,
                title=f"{title} (SAMPLE)",
                publisher="Nobody",
                url="https://example.org/sample" if mark == "S1" else None,
                published=vintage,
                grade=grade,
                kind=kind,
                vintage=vintage,
            ),
            mark=mark,
            used_for=("japan.goods",),
            range_text=None if range_text is None else Names(en=range_text, ja=range_text),
            range_quality="range" if kind == "assumption" else None,
            moves=None if en is None else Names(en=en, ja=ja),
        )
        for mark, key, title, kind, grade, vintage, range_text, en, ja in ROWS
    )
