"""An invented, plausible Review for tests of the report: SAMPLE, never shipped.

Every number below is made up so that each part of a report has something to set in type:
bands, censored days, harm, missing costs, pairs of measures, empty figures.
"""

from __future__ import annotations

import math
from dataclasses import replace

from keian.core import Figure, Label, Names
from keian.review.nouns import (
    Ask,
    ChainStep,
    Comparison,
    Confidence,
    Curve,
    Driver,
    Headline,
    Interaction,
    Loss,
    MeasureEffect,
    MeasureReview,
    Restraint,
    Review,
    RunOut,
    ScenarioReview,
    ServiceWeeks,
    StockBar,
    Variant,
)
from tests.unit.report.sample_sources import sample_lines

HORIZON = 365
DRAWS = 40
QUANTILES = (0.025, 0.1, 0.25, 0.75, 0.9, 0.975)
AMBER = Label("TLP:AMBER", frozenset(), None)


def names(en: str, ja: str) -> Names:
    return Names(en=en, ja=ja)


def figure(value, unit, band=None, *, sources=("stocks",), wide=None, kind="result", censored=""):
    """A figure whose draws spread evenly around `band` (10 and 90 %)."""
    quantiles: tuple[tuple[float, float], ...] = ()
    if band is not None and value is not None:
        low, high = sorted(band)
        outer = (value - 1.4 * (value - low), value + 1.4 * (high - value))
        inner = (value - 0.45 * (value - low), value + 0.45 * (high - value))
        quantiles = tuple(
            zip(QUANTILES, (outer[0], low, inner[0], inner[1], high, outer[1]), strict=True)
        )
        if unit == "day":
            quantiles = tuple((q, min(v, HORIZON)) for q, v in quantiles)
    low, high = sorted(band) if band is not None else (None, None)
    return Figure(
        value, low, high, quantiles, unit, kind, sources, AMBER, "run:sample", wide, censored
    )


THINGS = {
    "naphtha": names("Naphtha", "ナフサ"),
    "lng": names("LNG", "LNG"),
    "hospital": names("Hospital services", "病院の機能"),
    "dap": names("Ammonium phosphate", "りん安（肥料）"),
    "fuel": names("Petrol and diesel", "ガソリン・軽油"),
    "crude": names("Crude oil", "原油"),
    "wheat": names("Wheat", "小麦"),
    "gallium": names("Gallium", "ガリウム"),
    "rare_heavy": names("Heavy rare earths (dysprosium, terbium)", "重希土類（ジスプロシウム等）"),
    "graphite": names("Graphite", "黒鉛"),
    "electricity": names("Electricity", "電力"),
    "gas": names("Gas", "ガス"),
    "telecom": names("Telecommunications", "通信"),
    "ports": names("Ports", "港湾"),
    "water": names("Water", "水道"),
}

# id: (kind, vital, floor, stocks by owner)
GOODS = {
    "naphtha": ("good", False, (5, "days"), {"private": 14, "users": 4}),
    "lng": ("good", False, (7, "days"), {"private": 18, "users": 2}),
    "hospital": ("vital_demand", True, (80, "%"), {}),
    "dap": ("good", False, (20, "days"), {"private": 38, "users": 21}),
    "fuel": ("good", False, (15, "days"), {"state": 4, "private": 42, "users": 3}),
    "crude": ("good", True, (70, "days"), {"state": 88, "private": 64, "joint": 7}),
    "wheat": ("good", True, (45, "days"), {"state": 70, "private": 22}),
    "gallium": ("good", False, (30, "days"), {"state": 62, "private": 21, "users": 30}),
    "rare_heavy": ("good", False, (30, "days"), {"state": 60, "private": 60}),
    "graphite": ("good", False, (30, "days"), {"private": 40}),
    "electricity": ("service", True, (90, "%"), {}),
    "gas": ("service", True, (85, "%"), {}),
    "telecom": ("service", True, (95, "%"), {}),
    "ports": ("service", False, (70, "%"), {}),
    "water": ("service", True, (95, "%"), {}),
}

CAUSES = {
    "good": names("imports stop, stock drains", "輸入が止まり在庫が減る"),
    "service": names("its providers lack fuel", "供給者の燃料が足りない"),
    "vital_demand": names("supplies made from naphtha run out", "ナフサ由来の資材が尽きる"),
}


def restrained(day):
    return Restraint(
        share=figure(12.0, "%", (8, 15)),
        from_day=figure(day / 2, "day", (day / 3, day)),
        lost=figure(310, "billion yen", (180, 520)),
        lost_share=figure(0.06, "% of one year", (0.04, 0.1)),
    )


def run_out(key, day, band=None, wide=None, share=1.0):
    kind, vital, floor, stocks = GOODS[key]
    falls = day is not None
    shown = figure(day if falls else HORIZON, "day", band, wide=wide)
    if not falls:
        shown = replace(shown, censored=">=")
    unit = floor[1]
    lowest = floor[0] * (0.6 if falls else 1.4) if unit == "days" else (65 if falls else 97)
    return RunOut(
        id=key,
        kind=kind,
        names=THINGS[key],
        vital=vital,
        floor=figure(floor[0], unit, kind="input", sources=("floors",)),
        day=shown,
        below_share=figure(share if falls or band else 0.0, "share"),
        lowest=figure(lowest, unit),
        stocks=tuple(StockBar(o, figure(d, "days", kind="input")) for o, d in stocks.items()),
        cause=CAUSES[kind],
        restraint=restrained(day) if kind == "good" and falls else None,
    )


def curve(key, stock, floor, drain_from, slope, back_from, crossing=None):
    """A cover curve that holds, drains and refills."""
    days = tuple(range(0, 181, 3))

    def level(day, speed):
        drained = stock - slope * speed * max(0, day - drain_from)
        left = max(drained, 0.08 * stock * math.exp(-day / 60))
        return left + max(0, day - back_from) * stock / 90

    speeds = {0.025: 1.5, 0.1: 1.3, 0.25: 1.12, 0.75: 0.9, 0.9: 0.75, 0.975: 0.6}
    return Curve(
        id=key,
        names=THINGS[key],
        unit="days",
        days=days,
        mode=tuple(level(d, 1.0) for d in days),
        bands={q: tuple(level(d, s) for d in days) for q, s in speeds.items()},
        floor=floor,
        crossing_day=crossing,
        sources=("stocks", "saving"),
        reference=stock,
    )


def service(key, floor, depth, start, end, vital=True, weeks=52):
    """A service that dips linearly to `1 - depth` and comes back."""
    middle = (start + end) / 2

    def level(week, scale):
        if not start < week < end:
            return 1.0
        return 1 - depth * scale * (1 - abs(week - middle) / (middle - start))

    return ServiceWeeks(
        id=key,
        names=THINGS[key],
        vital=vital,
        floor=floor,
        weeks=tuple(level(w, 1.0) for w in range(weeks)),
        low=tuple(level(w, 1.3) for w in range(weeks)),
        high=tuple(level(w, 0.7) for w in range(weeks)),
    )


def driver(key, en, ja, swing, unit, sources):
    return Driver(key, names(en, ja), figure(swing, unit, sources=sources), sources)


HOSPITAL_SHARE = driver(
    "uses.hospital.naphtha",
    "Share of hospital supplies made from naphtha",
    "病院資材に占めるナフサ由来の割合",
    9,
    "days",
    ("hospital_share",),
)
SAVING = driver(
    "saving.start",
    "Day on which users start saving fuel",
    "利用者が燃料の節約を始める日",
    1.4,
    "% of one day",
    ("saving",),
)


def losses(scale):
    """Four kinds of loss, never added to each other."""
    rows = (
        ("value_added", 1.9, (1.2, 2.9), (0.5, 6.4), 7.4),
        ("output", 2.6, (1.7, 4.0), (0.8, 9.1), 9.8),
        ("unmet_final", 1.4, (0.8, 2.2), (0.3, 4.8), 5.2),
        ("unmet_vital", 0.42, (0.2, 0.7), (0.1, 1.9), 2.1),
    )
    made = []
    for kind, value, band, wide, worst in rows:
        scaled = [x * scale for x in (value, *band, *wide)]
        made.append(
            Loss(
                kind,
                figure(scaled[0], "%", scaled[1:3], wide=tuple(scaled[3:5]), sources=("table",)),
                figure(scaled[0] * 59e3, "MUSD", [x * 59e3 for x in scaled[1:3]]),
                figure(scaled[0] * 4700, "billion yen", [x * 4700 for x in scaled[1:3]]),
                figure(worst * scale, "%", (worst * scale * 0.6, worst * scale * 1.4)),
            )
        )
    return tuple(made)


def chain(steps):
    """Steps as (day, id, kind, en, ja, change, link en, link ja, link share)."""
    return tuple(
        ChainStep(
            figure(day, "day"),
            key,
            kind,
            names(en, ja),
            figure(change, "%"),
            names(link_en, link_ja),
            None if share is None else figure(share, "share", sources=("feedstock",)),
        )
        for day, key, kind, en, ja, change, link_en, link_ja, share in steps
    )


NAPHTHA_CHAIN = chain(
    [
        (0, "hormuz", "route", "Hormuz closed", "ホルムズ封鎖", -100, "share of naphtha imports that passes", "ナフサ輸入に占める通過分", 0.71),
        (19, "n_imp", "source", "Naphtha imports", "ナフサ輸入", -58, "tanks and ships drain", "在庫と洋上分が減る", 0.95),
        (23, "n_stock", "stock", "Naphtha stock", "ナフサ在庫", -72, "share of ethylene feedstock", "エチレン原料に占める割合", 0.96),
        (27, "ethylene", "unit", "Ethylene output", "エチレン生産", -44, "share of medical resin made from it", "医療用樹脂の原料に占める割合", 0.62),
        (33, "plastics", "good", "Medical plastics", "医療用樹脂", -38, "share of hospital supplies", "病院資材に占める割合", 0.55),
        (41, "hospital", "final", "Hospital services", "病院の機能", -21, "", "", None),
    ]
)  # fmt: skip
POWER_CHAIN = chain(
    [
        (
            0,
            "hormuz",
            "route",
            "Hormuz closed",
            "ホルムズ封鎖",
            -100,
            "LNG imports",
            "LNG輸入",
            0.11,
        ),
        (24, "lng", "good", "LNG", "LNG", -22, "power stations", "発電所", 0.38),
        (66, "hospital", "final", "Hospital power", "病院の電力", -12, "", "", None),
    ]
)
BAN_CHAIN = chain(
    [
        (0, "ban", "shock", "Export ban", "輸出禁止", -100, "China mines most of it", "大半を中国が産する", 0.9),
        (83, "rare_heavy", "good", "Heavy rare earths", "重希土類", -90, "magnets of motors", "モーターの磁石", 0.8),
        (97, "machinery", "unit", "Electrical machinery", "電気機械", -17, "", "", None),
    ]
)  # fmt: skip


def variants(scale, binding):
    """Every setting of the structural switches once."""
    made = []
    for k, kappa in enumerate((1.0, 2.0, math.inf)):
        for c, criticality in enumerate(("rated", "all")):
            for p, phi in enumerate((1.0, 3.0, 5.0, 10.0)):
                loss = scale * (0.5 + 0.25 * k + 1.4 * c + 0.45 * p)
                day = (
                    None if binding is None else int(binding * (1.6 - 0.12 * k - 0.5 * c - 0.1 * p))
                )
                made.append(Variant(kappa, criticality, phi, day, loss, "naphtha"))
    return tuple(made)


COMPARISONS = (
    ("Institute A (2025)", "機関A（2025年）", 0.3, 0.3, "value_added", "value added, price channel only", "付加価値、価格経路のみ"),
    ("University B (2024)", "大学B（2024年）", 0.5, 3.0, "value_added", "value added, cut of 30%, not 82%", "付加価値、途絶30%（82%でない）"),
    ("Firm network D (2022)", "企業網D（2022年）", 10.0, 10.0, "output", "gross output, other cut, 2 months", "総産出、別の途絶、2か月"),
    ("Think tank E (2023)", "研究所E（2023年）", 4.8, 4.8, "at_risk", "trade at risk: not a loss", "危険にさらされる貿易額、損失でない"),
)  # fmt: skip


def comparisons():
    return tuple(
        Comparison(
            f"anchor{i}",
            names(en, ja),
            names("loss of GDP in a year", "年間GDPの損失"),
            low,
            high,
            "%",
            loss,
            names(differs_en, differs_ja),
            "anchors",
            "C",
        )
        for i, (en, ja, low, high, loss, differs_en, differs_ja) in enumerate(COMPARISONS)
    )


# id, letter, en, ja, group, decider, law, badge, cost, evidence
MEASURES = (
    ("release", "A", "Release state crude", "国家備蓄原油の放出", "stocks", "unverified", None, "B"),
    ("ration", "B", "Ration fuel by use", "用途別の燃料割当", "demand", "confirmed", 120.0, "C"),
    ("duty", "C", "Lower private stock duty", "民間備蓄義務の引下げ", "stocks", "confirmed", 0.0, "B"),
    ("joint", "D", "Buy jointly with Korea", "韓国との共同調達", "diplomacy", "none_needed", None, "D"),
    ("tankers", "E", "Add tankers on long routes", "迂回航路への船腹追加", "transport", "confirmed", 340.0, "C"),
    ("parts", "F", "Approve substitute parts", "代替部品の認証", "supply", "what_if", 9.0, "C"),
    ("backup", "G", "Hospital backup power", "病院の非常用電源", "infrastructure", "confirmed", 45.0, "A"),
    ("subsidy", "H", "Subsidise fuel prices", "燃料価格の補助", "demand", "confirmed", 2400.0, "B"),
)  # fmt: skip


def measure_reviews():
    return tuple(
        MeasureReview(
            id=key,
            letter=letter,
            names=names(en, ja),
            group=group,
            decider=names("Minister of Economy, Trade and Industry", "経済産業大臣"),
            legal_basis=names("Oil Stockpiling Act, art. 31 (act)", "石油備蓄法 第31条（法律）"),
            legal_badge=badge,
            cost=None if cost is None else figure(cost, "billion yen", kind="input"),
            lead_days=figure(13, "days", (8, 20), kind="input", sources=("measures",)),
            limit=names("pipes and jetties pass no more", "配管と桟橋がこれ以上通さない"),
            evidence=evidence,
            sources=("measures", "stocks"),
        )
        for key, letter, en, ja, group, badge, cost, evidence in MEASURES
    )


# days bought by scenario: value and 80 % band; None = no effect
EFFECTS = {
    "release": ((18, 12, 25), None, (1, 0, 2), (15, 9, 22)),
    "ration": ((12, 7, 18), None, (2, 1, 4), (11, 6, 17)),
    "duty": ((9, 6, 13), None, (0, 0, 1), (8, 5, 12)),
    "joint": ((7, 2, 13), (24, 10, 41), None, (6, 1, 14)),
    "tankers": ((11, 6, 17), None, (3, 1, 5), (9, 4, 15)),
    "parts": (None, (31, 18, 46), None, (4, 1, 9)),
    "backup": ((2, 1, 3), None, (9, 6, 12), (2, 1, 3)),
    "subsidy": ((-6, -9, -3), None, (0, 0, 0), (-5, -8, -2)),
}
PAIRS = {("tankers", 0): "release", ("tankers", 3): "release", ("parts", 1): "joint"}
SCENARIOS = ("hormuz", "ban", "cyber", "both")


def effect_series(days):
    """Share of the gap a measure fills, by day."""
    at = tuple(range(0, 121, 4))

    def level(day, lead, top):
        return 0.0 if day < lead else min(top, (day - lead) * top / 10) if day < 96 else 0.0

    return Curve(
        id="gap",
        names=names("Share of the gap filled", "不足を埋める割合"),
        unit="share",
        days=at,
        mode=tuple(level(d, 18, 0.64) for d in at),
        bands={
            0.1: tuple(level(d, 22, 0.5) for d in at),
            0.25: tuple(level(d, 20, 0.58) for d in at),
            0.75: tuple(level(d, 16, 0.7) for d in at),
            0.9: tuple(level(d, 14, 0.78) for d in at),
        },
        floor=None,
        crossing_day=None,
        sources=("measures",),
    )


def effect(measure, index):
    """What one sample measure does in the scenario number `index`."""
    entry = EFFECTS[measure][index]
    partner = PAIRS.get((measure, index))
    buys = (
        None
        if entry is None or partner
        else figure(entry[0], "days", entry[1:], wide=(entry[0] - 11, entry[0] + 13))
    )
    value = 0.0 if entry is None else entry[0]
    hurts = measure == "subsidy" and entry is not None and value < 0
    return MeasureEffect(
        measure=measure,
        scenario=SCENARIOS[index],
        need="hospital" if index in (0, 3) else "rare_heavy" if index == 1 else "telecom",
        days_bought=figure(0, "days") if partner else buys,
        loss_avoided=figure(value * 0.02, "%", (value * 0.01, value * 0.03)),
        loss_avoided_yen=figure(value * 94, "billion yen", (value * 47, value * 141)),
        first_limit=names("daily draw limit", "一日の放出上限"),
        first_limit_day=figure(28, "day", (24, 33)),
        harm=names("demand stays high, so stocks burn faster", "需要が減らず在庫の減りが速まる") if hurts else None,
        harm_figure=figure(6, "days", (3, 9)) if hurts else None,
        wait_cost=figure(2.1, "% of one day", (1.1, 3.5), wide=(0.4, 6.0)) if value > 5 else None,
        wait_cost_yen=figure(28, "billion yen", (15, 47)) if value > 5 else None,
        wait_curve=tuple((d, max(0.0, value + 3 - 0.8 * d)) for d in (0, 5, 10, 15, 20, 30)) if value > 5 else (),
        works_alone=partner is None,
        partner=partner,
        with_partner=figure(entry[0], "days", entry[1:]) if partner and entry else None,
        no_effect=names("the ban does not touch oil", "禁輸は石油に及ばない") if entry is None else None,
        draws=DRAWS,
        best_in_share=figure(0.9, "share") if measure == "release" else None,
        series=effect_series(value) if value > 5 else None,
    )  # fmt: skip


def scenario(index, en, ja, story, outs, curves, services, steps, others, scale, binding):
    key = SCENARIOS[index]
    return ScenarioReview(
        id=key,
        names=names(en, ja),
        story=names(*story),
        partial=(names("price effects", "価格の影響"),) if index in (0, 3) else (),
        judgement_share=0.4,
        horizon_days=HORIZON,
        draws=DRAWS,
        seed=20260101 + index,
        windows=((names("strait closed" if index != 1 else "exports banned", "海峡封鎖" if index != 1 else "輸出禁止"), 0.0, 90.0 if index != 1 else 180.0),),
        runs_out=outs,
        binding=binding,
        curves=curves,
        services=services,
        value_added=Curve("value_added", names("Value added", "付加価値"), "% of normal", tuple(range(0, 181, 3)),
                          tuple(100 - 7.4 * scale * math.exp(-(((d - 70) / 35) ** 2)) for d in range(0, 181, 3)),
                          {q: tuple(100 - s * 7.4 * scale * math.exp(-(((d - 70) / 35) ** 2)) for d in range(0, 181, 3))
                           for q, s in {0.025: 1.8, 0.1: 1.5, 0.25: 1.2, 0.75: 0.8, 0.9: 0.6, 0.975: 0.4}.items()},
                          None, None, ("table",), 100.0),
        losses=losses(scale),
        chain=steps,
        other_chains=others,
        comparisons=comparisons() if index == 0 else (),
        variants=variants(scale, 41 if binding else None),
        drivers=(HOSPITAL_SHARE, SAVING) if index in (0, 3) else (),
        effects=tuple(effect(m[0], index) for m in MEASURES if (m[0], index) != ("parts", 3)),
        interactions=(Interaction("release", "tankers", figure(29, "days"), figure(18, "days"), figure(11, "days"),
                                  names("stronger together", "併せると強まる")),) if index == 0 else (),
        asks=(Ask("decider", names("Minister of Economy, Trade and Industry", "経済産業大臣"), names("release of state crude", "国家備蓄原油の放出"), None, ("measures",)),
              Ask("country", names("Korea", "韓国"), names("spare naphtha", "ナフサの余力"), figure(0.4, "share", (0.3, 0.5), sources=("spare",)), ("spare",)),
              Ask("country", names("United States", "米国"), names("spare naphtha", "ナフサの余力"), figure(0.22, "share", sources=("spare",)), ("spare",)),
              Ask("agreement", names("IEA coordinated release", "IEA協調放出"), names("90 days of net imports", "純輸入90日分"), None, ("measures",))) if index == 0 else (),
    )  # fmt: skip


def scenarios():
    oil = (
        run_out("naphtha", 23, (19, 28), (15, 39)),
        run_out("lng", 31, (27, 36), (25, 50)),
        run_out("hospital", 41, (33, 52), (24, 71)),
        run_out("dap", 58, (50, 71)),
        run_out("fuel", 74, (64, 90), (60, 140)),
        run_out("crude", 104, (91, 131), (80, 365)),
        run_out("gas", 120, (90, 365), share=0.7),
        run_out("wheat", None),
        run_out("gallium", None),
    )
    ores = (
        run_out("rare_heavy", 83, (64, 112), (50, 150)),
        run_out("gallium", 97, (80, 140)),
        run_out("graphite", 130, (101, 170)),
        run_out("wheat", None),
    )
    oil_curves = (
        curve("naphtha", 18, 5, 14, 1.45, 150, 23),
        curve("lng", 20, 7, 12, 0.68, 150, 31),
        curve("dap", 59, 20, 16, 0.93, 140, 58),
        curve("crude", 159, 70, 20, 1.06, 116, 104),
        curve("fuel", 49, 15, 22, 0.65, 130, 74),
    )
    oil_services = (
        service("hospital", 0.8, 0.35, 3, 17),
        service("electricity", 0.9, 0.13, 3, 18),
        service("gas", 0.85, 0.19, 3, 18),
        service("ports", 0.7, 0.18, 1, 15, vital=False),
        service("water", 0.95, 0.03, 8, 17),
        service("telecom", 0.95, 0.02, 9, 16),
    )
    return (
        scenario(0, "Hormuz closed for 90 days", "ホルムズ海峡が90日閉鎖", ("The strait closes without warning. Four fifths of crude and part of LNG and naphtha stop.", "海峡が予告なく閉ざされる。原油の8割、LNGとナフサの一部が止まる。"),
                 oil, oil_curves, oil_services, NAPHTHA_CHAIN, (POWER_CHAIN,), 1.0, "hospital"),
        scenario(1, "Rare-earth and gallium ban", "希土類・ガリウムの輸出禁止", ("One exporter stops three metals for half a year.", "一国が三つの金属の輸出を半年止める。"),
                 ores, (curve("rare_heavy", 120, 30, 20, 1.43, 200, 83), curve("gallium", 113, 30, 20, 1.08, 200, 97)),
                 (service("telecom", 0.95, 0.01, 20, 40),), BAN_CHAIN, (), 0.12, None),
        scenario(2, "Cyber attack on ports and telecoms", "港湾・通信へのサイバー攻撃", ("Ports stop for two weeks; telecommunications limp.", "港が2週間止まり、通信も不安定になる。"),
                 (run_out("telecom", 2, (1, 4)), run_out("ports", 3, (2, 5)), run_out("wheat", None)), (),
                 (service("telecom", 0.95, 0.2, -1, 4), service("ports", 0.7, 0.6, -1, 5, vital=False)), (), (), 0.07, "telecom"),
        scenario(3, "Hormuz closed and metals banned together", "ホルムズ封鎖と金属禁輸の同時発生", ("Both at once.", "両方が同時に起きる。"),
                 tuple(oil[:6]) + ores[:2] + (run_out("wheat", None),), oil_curves[:3], oil_services[:3], NAPHTHA_CHAIN, (), 1.1, "hospital"),
    )  # fmt: skip


def headlines():
    robust = Confidence(
        "robust",
        None,
        figure(0.95, "share"),
        names(
            "Same answer across draws and variants.",
            "試行とモデル構造を変えても答えは同じである。",
        ),
    )
    by_share = Confidence(
        "depends",
        HOSPITAL_SHARE,
        None,
        names("One input moves the day.", "一つの入力が日を動かす。"),
    )
    by_saving = Confidence(
        "depends", SAVING, None, names("One input moves the loss.", "一つの入力が損失を動かす。")
    )
    weak = Confidence(
        "illustrative",
        None,
        None,
        names(
            "Spare supply abroad rests on one grade D source.",
            "海外の余力は等級Dの出典一つに基づく。",
        ),
    )
    return (
        Headline("how_long", "how_long.vital_demand", figure(41, "day", (33, 52), wide=(24, 71), sources=("floors",)),
                 {"need": THINGS["hospital"], "day": figure(41, "day"), "lead": figure(49, "days"), "end": names("the strait reopens", "海峡再開")}, by_share),
        Headline("runs_out_first", "runs_out_first.three", figure(23, "day", (19, 28), wide=(15, 39)),
                 {"first": THINGS["naphtha"], "first_day": figure(23, "day"), "second": THINGS["lng"], "second_day": figure(31, "day"),
                  "third": THINGS["hospital"], "third_day": figure(41, "day")}, robust),
        Headline("what_can_we_do", "what_can_we_do.buys", figure(18, "days", (12, 25), wide=(7, 31), sources=("measures",)),
                 {"measure": names("Release state crude", "国家備蓄原油の放出"), "days": figure(18, "days"), "decide_by": figure(5, "day"),
                  "limit_day": figure(28, "day"), "limit": names("the daily draw limit", "一日の放出上限")}, robust),
        Headline("days_wait", "days_wait.cost", figure(2.1, "% of one day", (1.1, 3.5), wide=(0.4, 6.0), sources=("table",)),
                 {"measure": names("Release state crude", "国家備蓄原油の放出"), "share": figure(2.1, "% of one day"), "yen": figure(28, "billion yen", (15, 47))}, by_saving),
        Headline("whom_to_ask", "whom_to_ask.both", figure(0.62, "share", (0.45, 0.8), kind="input", sources=("spare",)),
                 {"decider": names("METI’s minister", "経済産業大臣"), "countries": names("Korea and the United States", "韓国と米国"),
                  "good": names("naphtha", "ナフサ"), "share": figure(0.62, "share")}, weak),
    )  # fmt: skip


def sample_review(*, label: Label = AMBER) -> Review:
    """The whole invented review."""
    return Review(
        economy=names("Japan", "日本"),
        economy_id="japan",
        table_year=2011,
        vintage=names(
            "input–output table of 2011 · trade 2024 · stocks 31 Dec 2026 · laws as of 1 Mar 2027",
            "産業連関表 2011年・貿易 2024年・在庫 2026年12月31日・法令 2027年3月1日",
        ),
        as_of="2027-04-01",
        draws=DRAWS,
        worst="hormuz",
        headlines=headlines(),
        scenarios=scenarios(),
        measures=measure_reviews(),
        scenario_interactions=(
            Interaction(
                "hormuz",
                "ban",
                figure(2.09, "%"),
                figure(2.13, "%"),
                figure(-0.04, "%"),
                names("a little less than the sum", "和よりわずかに小さい"),
            ),
        ),
        lines=sample_lines(),
        verdict=(
            names("Totals balance to 1e-9; 3 units masked.", "合計は1e-9で一致、3部門を除外。"),
        ),
        warnings=(names("SAMPLE: every number is invented.", "見本：数値はすべて架空である。"),),
        yen_per_usd=figure(79.8, "yen per USD", kind="input", sources=("table",)),
        label=label,
        run_id="sample0000000000",
        versions={"keian": "0", "numpy": "0"},
    )
