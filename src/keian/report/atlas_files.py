"""Files of a released atlas: HTML in one language or both, XLSX, JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from keian.core import to_plain
from keian.exposure.atlas import Atlas
from keian.exposure.card import Card
from keian.report.atlas_page import collect_sources, set_atlas
from keian.report.candidate_tables import tell_candidates
from keian.report.exposure_tables import Sheet, Tables, list_sources, tell_screen, write_tables
from keian.report.words import Lang, load_words
from keian.share import Released, Viewer, release

PROFILE = (
    "good", "name_en", "name_ja", "tier", "designation", "top_supplier", "top_share",
    "top_share_low", "top_share_high", "home_share", "cover_days", "assumed_days", "survive_days",
    "survive_days_low", "survive_days_high", "grade", "substitutes_count", "products_cited",
    "export_share", "export_rank", "stress_cited", "gaps", "cited",
)  # fmt: skip


def write_atlas(
    released: Released[Atlas], folder: Path, *, langs: Sequence[Lang] = ("en",)
) -> tuple[Path, ...]:
    """Write the page, the workbook and the data of an atlas.

    Returns
    -------
    The files written: `exposure.html`, `exposure.ja.html`, one workbook a language, one JSON.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for lang in langs:
        end = "" if lang == "en" else f".{lang}"
        page = folder / f"exposure{end}.html"
        page.write_text(set_atlas(released, lang=lang), encoding="utf-8")
        paths.append(page)
        paths += write_tables(tell_atlas(released, lang), folder, f"exposure{end}", "xlsx", lang)
    data = folder / "exposure.json"
    text = json.dumps(describe_atlas(released.value), ensure_ascii=False, indent=1, sort_keys=True)
    data.write_text(text + "\n", encoding="utf-8")
    return (*paths, data)


def describe_atlas(atlas: Atlas) -> dict[str, Any]:
    """Describe an atlas as plain data; missing is null."""
    return {
        "label": str(atlas.label),
        "country": atlas.found.importer,
        "year": atlas.found.year,
        "as_of": atlas.candidates.on.isoformat(),
        "digest": atlas.found.panel.digest,
        "limits": to_plain(atlas.candidates.limits),
        "candidates": to_plain(atlas.candidates.rows),
        "map": to_plain(atlas.spots),
        "cards": [to_plain(card) for card in atlas.cards],
        "sources": to_plain(collect_sources(atlas)),
    }


def tell_atlas(released: Released[Atlas], lang: Lang) -> Tables:
    """Tell an atlas as sheets: candidates, evidence, profiles, products, matrix, verdicts, sources."""
    atlas, words = released.value, load_words(lang)
    viewer: Viewer = released.viewer
    listed = tell_candidates(release(atlas.candidates, viewer), dict(atlas.names), lang)
    screened = tell_screen(release(atlas.found, viewer), lang)
    profiles = Sheet("profiles", PROFILE, tuple(_tell_profile(card) for card in atlas.cards))
    sheets = [sheet for sheet in listed.sheets if sheet.key != "sources"]
    sheets += [profiles, *(sheet for sheet in screened.sheets if sheet.key != "sources")]
    sheets.append(list_sources(collect_sources(atlas), words))
    title = words.say(
        "atlas.page_title",
        country=words.name(atlas.country_names),
        on=atlas.candidates.on.isoformat(),
        year=str(atlas.found.year),
    )
    return Tables(title, atlas.found.year, str(atlas.label), listed.notes, tuple(sheets))


def _tell_profile(card: Card) -> tuple[Any, ...]:
    cover = card.cover
    foreign = [s for s in card.shares if s.origin not in {card.country, "rest"}]
    first = foreign[0] if foreign else None
    places = [place for view in card.trade for place in view.exports if place.exporters_count]
    return (
        card.id,
        card.names.en,
        card.names.ja,
        card.tier,
        card.designation.entry if card.designation else None,
        first.origin if first else None,
        first.share.mode if first else None,
        first.share.low if first else None,
        first.share.high if first else None,
        card.home_share,
        cover.mode if cover else None,
        cover.assumed_days if cover else None,
        cover.survive if cover else None,
        cover.survive_low if cover else None,
        cover.survive_high if cover else None,
        card.chokes[0].grade if card.chokes else None,
        sum(use.substitute_days is not None for use in card.uses) if card.uses else None,
        ", ".join(view.product for view in card.trade) or None,
        places[0].share if places else None,
        places[0].rank if places else None,
        ", ".join(test.scenario for test in card.stress) or None,
        ", ".join(card.gaps) or None,
        ", ".join(card.sources),
    )
