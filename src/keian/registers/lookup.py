"""Looks things up by what people call them: id or name, whole or in part, in either language.

One door for goods, services, scenarios, measures and routes. `_`, `-` and a space are the same, and
width, case, kana and an English plural make no difference. What is offered for a name that nothing
has shares a word with it, or is a slip of the pen away; otherwise nothing is offered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from keian.registers.folding import fold_text, load_synonyms

BREAKS = re.compile(r"[\s_\-‐‑–—−・･,、()（）/:：]+")
# Japanese is written without spaces: a change of script parts words as well as anything cheap can.
SCRIPTS = re.compile(r"[ァ-ヶー]{2,}|[一-龥々]{2,}|[^\W_ぁ-ヶー一-龥々]{3,}")
WORTH_MATCHING = re.compile(r"[a-z]{3,}|[^\x00-\x7f]{2,}")
SLIP = 0.8  # likeness of two spellings of one word; `steel` and `satellites` have 0.53
MOST_OFFERED = 3
LONG_ENOUGH = 4  # letters from which a part of a word, a final s or a slip tells something
HALF_AS_TELLING = 0.5


@dataclass(frozen=True, slots=True)
class Called:
    """Something that can be looked up: its id and all that it is called."""

    id: str
    calls: tuple[str, ...]


def look_up(text: str, called: Sequence[Called]) -> tuple[str, ...]:
    """Find the ids of the things that a text stands for, in their order.

    Those called exactly so; else those with every word (or a synonym) at the beginning of a word;
    else those with every word anywhere.

    Examples
    --------
    >>> things = [Called("oil", ("Oil", "石油")), Called("tin-oil", ("Oil of tin", "スズの油"))]
    >>> look_up("OIL", things), look_up("すず", things), look_up("tin_oils", things)
    (('oil',), ('tin-oil',), ('tin-oil',))
    """
    wanted = _fold(text)
    words = wanted.split()
    if not words:
        return ()
    exact = [one.id for one in called if wanted in {_fold(call) for call in (one.id, *one.calls)}]
    if exact:
        return tuple(exact)
    folded = {one.id: " ".join(_fold(call) for call in (one.id, *one.calls)) for one in called}
    for has in (_begins, _contains):
        found = [
            key
            for key, names in folded.items()
            if _has(names, wanted, has) or all(_has(names, word, has) for word in words)
        ]
        if found:
            return tuple(found)
    return ()


def find_near(text: str, called: Sequence[Called]) -> tuple[str, ...]:
    """Find the ids of at most three things that may be meant by a name that nothing has.

    Those that share the most telling words come first; a word that many share tells little. Only if
    no word is shared, spellings are compared, word by word. Nothing near: nothing is offered.

    Examples
    --------
    >>> things = [Called("enriched_uranium", ()), Called("natural_rubber", ()), Called("tin", ())]
    >>> find_near("enriched uraniun ore", things), find_near("natrual", things)
    (('enriched_uranium',), ('natural_rubber',))
    >>> find_near("steel", [Called("satellites", ())])
    ()
    """
    folded = {one.id: " ".join(_fold(call) for call in (one.id, *one.calls)) for one in called}
    scores = dict.fromkeys(folded, 0.0)
    for word in _list_words(text):
        sharing = [key for key, names in folded.items() if _begins(names, word)]
        for key in sharing:
            scores[key] += 1 / len(sharing)
    best = max(scores.values(), default=0.0)
    if best > 0:
        near = [key for key in scores if scores[key] > HALF_AS_TELLING * best]
        return tuple(sorted(near, key=lambda key: -scores[key])[:MOST_OFFERED])
    return _find_slips(text, folded)


def _find_slips(text: str, folded: dict[str, str]) -> tuple[str, ...]:
    """Find the things one of whose words is nearly spelled like one of the text."""
    known = {word for names in folded.values() for word in names.split()}
    wanted = _fold(text)
    close = [
        near
        for word in (*wanted.split(), wanted.replace(" ", ""))
        if len(word) >= LONG_ENOUGH
        for near in get_close_matches(word, sorted(known), n=MOST_OFFERED, cutoff=SLIP)
    ]
    found = [key for word in close for key, names in folded.items() if word in names.split()]
    return tuple(dict.fromkeys(found))[:MOST_OFFERED]


def _fold(text: str) -> str:
    """Fold a text and its English plurals; signs between words become one space."""
    words = BREAKS.sub(" ", fold_text(text)).split()
    return " ".join(_drop_plural(word) for word in words)


def _drop_plural(word: str) -> str:
    if not word.isascii() or len(word) < LONG_ENOUGH or not word.endswith("s"):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word if word.endswith(("ss", "us", "is")) else word[:-1]


def _list_words(text: str) -> tuple[str, ...]:
    """List the words of a text that may tell something, parted by script where no space is."""
    plain = BREAKS.sub(" ", unicodedata.normalize("NFKC", text))
    parts = (*plain.split(), *SCRIPTS.findall(plain))
    words = (_fold(part) for part in parts)
    return tuple(dict.fromkeys(word for word in words if WORTH_MATCHING.fullmatch(word)))


def _has(names: str, word: str, has: Callable[[str, str], bool]) -> bool:
    if has(names, word):
        return True
    return any(_begins(names, _fold(other)) for other in load_synonyms().get(word, ()))


def _begins(names: str, word: str) -> bool:
    """Tell whether a word begins one of the names; Japanese is looked for anywhere."""
    if not word.isascii():
        return word in names
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}", names) is not None


def _contains(names: str, word: str) -> bool:
    # `tin` is in `computing`: a short English word has to begin one.
    return word in names and (len(word) >= LONG_ENOUGH or not word.isascii())
