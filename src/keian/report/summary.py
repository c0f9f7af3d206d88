"""The five answers as plain lines for a terminal."""

from __future__ import annotations

from keian.report.asked_part import say_asked
from keian.report.page import build_answer, say_title
from keian.report.setting import build_setting
from keian.report.words import Lang
from keian.review.nouns import Review
from keian.share import Released


def summary_lines(released: Released[Review], lang: Lang = "en") -> list[str]:
    """Say what the first page says: title, then number, bands, sentence and confidence.

    Returns
    -------
    list of str
        Plain text without markup; the label comes first.
    """
    review = released.value
    setting = build_setting(review, lang)
    worst = setting.scenarios.get(review.worst) or review.scenarios[0]
    lines = [f"{review.label}  {say_title(setting, worst)}"]
    for headline in review.headlines:
        answer = build_answer(setting, worst, headline)
        bands = "; ".join(answer.bands)
        lines += [
            f"{answer.question}  {answer.number}  ({bands})",
            f"  {answer.say}",
            f"  {answer.confidence}: {answer.reason}",
        ]
    lines += say_asked(setting, worst)
    return lines
