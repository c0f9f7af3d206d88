"""Which final demand a column is, by the words that publishers use."""

from __future__ import annotations

import re

from keian.official.nouns import (
    DISCREPANCY,
    EXPORTS,
    GOVERNMENT,
    HOUSEHOLDS,
    INVENTORIES,
    INVESTMENT,
    NONPROFITS,
)

# The first that fits; order matters: "non-profit ... serving households" is no household.
WORDS = (
    (NONPROFITS, r"npish|\bnps|non-?profit|対家計民間非営利"),
    (INVENTORIES, r"inventor|valuable|invnt|stocks?\b|在庫"),
    (DISCREPANCY, r"discrep|^disc$|調整項|ﾊﾞﾗﾝｽ|balancing"),
    (GOVERNMENT, r"government|ggfc|^gov|政府|社会資本"),
    (INVESTMENT, r"capital formation|gfcf|固定資本形成"),
    (HOUSEHOLDS, r"household|hfce|^hh|direct purchases|^dir|^dpabr|^p33|家計|民間消費|消費支出"),
    (EXPORTS, r"export|輸出|移出"),
)
PATTERNS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in WORDS)


def find_final_kind(name: str) -> str | None:
    """Find what a column of final demand is; None where no word tells.

    Examples
    --------
    >>> find_final_kind("Final consumption expenditure by non-profit organisations")
    'npish_consumption'
    >>> find_final_kind("民間消費支出"), find_final_kind("在庫純増"), find_final_kind("F9")
    ('hh_consumption', 'inventories', None)
    """
    return next((kind for kind, pattern in PATTERNS if pattern.search(name)), None)
