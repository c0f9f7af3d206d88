"""Tells things in one language: fills sentences, names what ids stand for, writes ranges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from keian.core import Names, Triple, tell_text
from keian.economy.nouns import Economy
from keian.scenario.nouns import Measure
from keian.scenario.words import Lang, Words, choose, load_words, show_amount, show_days, show_share


@dataclass(frozen=True, slots=True)
class Teller:
    """What a sentence needs: the words, the language and the names of things."""

    words: Words
    lang: Lang
    names: Mapping[str, Names]

    def say(self, key: str, **facts: object) -> str:
        """Fill a sentence."""
        return self.words.say(key, self.lang, **facts)

    def choose(self, names: Names | None, text: str = "") -> str:
        """Choose the name in the language, or the text where there are no names."""
        return tell_text(text, self.lang) if names is None else choose(names, self.lang)

    def name(self, *ids: str) -> str:
        """Name things; an id that nobody named stands for itself."""
        return self.join([self.choose(self.names.get(i), i) for i in ids])

    def join(self, parts: Sequence[str]) -> str:
        """Join parts with the comma of the language."""
        return ("、" if self.lang == "ja" else ", ").join(parts)

    def share(self, triple: Triple) -> str:
        """Write a share with its range."""
        return show_share(triple.low, triple.mode, triple.high, self.lang)

    def days(self, triple: Triple) -> str:
        """Write a number of days with its range."""
        return show_days(triple, self.lang)

    def amount(self, triple: Triple, unit: str) -> dict[str, str]:
        """Write an amount and its unit as facts for a sentence."""
        named = self.choose(self.words.units.get(unit), unit)
        return {"value": show_amount(triple, self.lang), "unit": named}


def make_teller(economy: Economy, measures: Sequence[Measure], lang: Lang) -> Teller:
    """Make a teller that knows the names of an economy and of measures."""
    names = {
        **economy.region_names,
        **economy.country_names,
        **{r.id: r.names for r in economy.routes},
        **{s.id: s.names for s in economy.services},
        **_name_pools(economy),
        **economy.product_names,
        **{g.id: g.names for g in economy.goods},
        **{a.id: a.names for a in economy.areas},
        **{p.id: p.names for p in economy.repair_pools},
        **{p.id: p.names for p in economy.cables},
        **{x.id: x.names for p in economy.cables for x in p.landings},
        **{m.id: m.names for m in measures},
    }
    return Teller(load_words(), lang, MappingProxyType(names))


def _name_pools(economy: Economy) -> dict[str, Names]:
    """Name stock pools; pools of one name are told apart by their good."""
    pools = [(pool, good) for good in economy.goods for pool in good.pools]
    counts = Counter(pool.names.en for pool, _ in pools)
    return {
        pool.id: pool.names
        if counts[pool.names.en] == 1
        else Names(
            en=f"{pool.names.en} ({good.names.en})", ja=f"{pool.names.ja}（{good.names.ja}）"
        )
        for pool, good in pools
    }
