"""Writes the comprehensive review beside a run, and pins the registers and findings it was made of."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

from keian.cli.listing import Answer
from keian.cli.register_effects import PlayedReview, collect_effects
from keian.cli.register_files import open_shelf
from keian.cli.register_report import digest_registers, show_skeleton
from keian.core import KeianWarning, digest_json, to_plain
from keian.registers import Shelf
from keian.registers.change_sets import FOLDER, read_change_sets
from keian.registers.findings import FILE, Finding, read_findings, recall_findings
from keian.report import Lang, set_listings
from keian.report.plain import describe_review
from keian.report.workbook_sheet import Book
from keian.review.nouns import Review
from keian.scenario import load_measures
from keian.store import find_workspace

STEM = "comprehensive"
LANGS: tuple[Lang, ...] = ("en", "ja")
OPTION = "comprehensive"  # the option of a run that holds the day of the registers
PAGES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "en": (f"{STEM}.html", f"{STEM}.xlsx"),
        "ja": (f"{STEM}.ja.html", f"{STEM}.ja.xlsx"),
        "both": (f"{STEM}.html", f"{STEM}.ja.html", f"{STEM}.xlsx", f"{STEM}.ja.xlsx"),
    }
)
LONGEST_NAME = 31  # letters of the name of a sheet


@dataclass(frozen=True, slots=True)
class Surveyed:
    """Registers and findings as a comprehensive review of a day sees them."""

    day: date
    shelf: Shelf
    findings: tuple[Finding, ...]


def survey(day: date, workspace: Path | None) -> Surveyed:
    """Read registers, confirmations and findings, and leave out what came after a day.

    Raises
    ------
    InputError
        The registers, confirmations or findings are wrong.
    """
    today = datetime.now().astimezone().date()
    shelf = open_shelf(max(today, day), workspace=workspace, until=day)
    findings = read_findings(find_workspace(workspace) / FILE)
    return Surveyed(day, shelf, recall_findings(findings, day))


def warn_of_later(day: date, workspace: Path | None) -> None:
    """Warn how many findings and change sets of the workspace are later than a review's day."""
    root = find_workspace(workspace)
    findings = sum(f.opened_on > day for f in read_findings(root / FILE))
    sets = sum(read.made.on > day for read in read_change_sets(root / FOLDER))
    if findings or sets:
        warnings.warn(
            f"the comprehensive review is as of {day}: {findings} findings and {sets} change sets"
            " made later are left out; --as-of sets its day",
            KeianWarning,
            stacklevel=2,
        )


def pin(surveyed: Surveyed) -> dict[str, str]:
    """Digest every register and the findings, as options of the run that holds the review."""
    registers = digest_registers(surveyed.shelf, surveyed.day)
    return {
        OPTION: surveyed.day.isoformat(),
        **{f"register_{name}_sha256": digest for name, digest in registers.items()},
        "findings_sha256": digest_json([to_plain(finding) for finding in surveyed.findings]),
    }


def read_day(options: Mapping[str, object]) -> date | None:
    """Read from the options of a run the day of its comprehensive review; None = it has none."""
    found = options.get(OPTION)
    return None if found is None else date.fromisoformat(str(found))


def write_comprehensive(folder: Path, review: Review, surveyed: Surveyed, run: str) -> None:
    """Write every policy record as of a day, with what a released review found of it.

    Pages and workbooks in both languages, and the data, with the digest of every register.

    Parameters
    ----------
    run : digest under which the run is stored, so that what cites it can be followed.
    """
    played = collect_effects(describe_review(review), run)
    measures = {measure.id: measure for measure in load_measures()}
    answers = {
        lang: show_skeleton(
            surveyed.shelf, surveyed.day, measures, lang, played, findings=surveyed.findings
        )
        for lang in LANGS
    }
    for lang, answer in answers.items():
        page, book = PAGES[lang]
        html = set_listings(
            answer.title, answer.listings, answer.label, lang=lang, links=link_run(played, lang)
        )
        (folder / page).write_text(html, encoding="utf-8")
        write_book(folder / book, answer, surveyed.day)
    plain = {**to_plain(answers["en"].plain), "label": str(answers["en"].label)}
    text = json.dumps(plain, ensure_ascii=False, indent=1, allow_nan=False)
    (folder / f"{STEM}.json").write_text(f"{text}\n", encoding="utf-8")


def link_run(played: PlayedReview, lang: Lang) -> dict[str, str]:
    """Point the run's short digest at the report that lies beside."""
    return {played.short: "report.html" if lang == "en" else "report.ja.html"}


def write_book(path: Path, answer: Answer, day: date) -> None:
    """Write an answer as a workbook: one sheet a listing, the label on each."""
    made = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a workbook holds no time zone
    with Book(path, str(answer.label), answer.title, made) as book:
        for listing in answer.listings:
            sheet = book.add_sheet(name_sheet(listing.title), listing.columns)
            for line in (listing.title, listing.note):
                if line:
                    sheet.add_note(line)
            for row in listing.rows:
                sheet.add_row(row)


def name_sheet(title: str) -> str:
    """Name a sheet after a numbered title, without the signs that no sheet may bear.

    Examples
    --------
    >>> name_sheet("4. Effect [and] limits: of each measure, in full")
    '4. Effect  and  limits  of each'
    """
    plain = "".join(" " if letter in "[]:*?/\\" else letter for letter in title)
    return plain[:LONGEST_NAME].strip().strip("'")
