"""Every number that the day's code cites stands on its method page, and every equation is cited."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOM = ROOT / "src" / "keian" / "crisis"
EQUATION = re.compile(
    r"^ {4}.*\((2\.\d+[a-z]?)\)"
)  # the first number of a line, behind its formula
SECTION = re.compile(r"^### (2\.\d+) ", re.MULTILINE)
CITED = re.compile(r"\((2\.\d{1,2}[a-z]?(?:(?:,| to| and|:) [^()]*)?)\)")
NUMBER = re.compile(r"\b2\.(\d{1,2})([a-z]?)\b(?: to 2\.(\d{1,2})([a-z]?)\b)?")


@dataclass(frozen=True)
class Page:
    """A method page, the code that computes a day, the twin, and what the twin has no part in."""

    name: str
    kernel: tuple[Path, ...]
    twin: tuple[Path, ...]
    not_in_twin: frozenset[str]


FIRMS = tuple(sorted([*ROOM.glob("firm*.py"), *ROOM.glob("*_firm*.py")]))
TABLE = tuple(p for p in sorted(ROOM.glob("*.py")) if p not in FIRMS)
PAGES = (
    Page(
        "crisis",
        TABLE,
        (ROOT / "tests" / "naive.py", ROOT / "tests" / "naive_goods.py"),
        frozenset(
            {"2.1", "2.1b", "2.1c", "2.1d", "2.1e", "2.2c"}
        ),  # factors by day, given to kernel and twin alike
    ),
    Page("firms", FIRMS, (ROOT / "tests" / "naive_firms.py",), frozenset({"2.11"})),  # causes
)


def list_equations(text: str) -> list[str]:
    return [m.group(1) for line in text.splitlines() if (m := EQUATION.match(line))]


def list_comments(source: str) -> Iterator[str]:
    """Docstrings, other texts and comments of a file."""
    for token in tokenize.generate_tokens(StringIO(source).readline):
        if token.type in {tokenize.STRING, tokenize.COMMENT}:
            yield token.string


def list_cited(files: Iterable[Path]) -> dict[str, set[str]]:
    """Numbers that files cite, ranges written out, with the files."""
    cited: dict[str, set[str]] = {}
    for file in files:
        for text in list_comments(file.read_text(encoding="utf-8")):
            for found in CITED.finditer(" ".join(text.split())):
                for number in expand(found.group(1)):
                    cited.setdefault(number, set()).add(file.name)
    return cited


def expand(text: str) -> Iterator[str]:
    for section, letter, last, last_letter in NUMBER.findall(text):
        if not last:
            yield f"2.{section}{letter}"
        elif letter:
            assert section == last, text
            for code in range(ord(letter), ord(last_letter) + 1):
                yield f"2.{section}{chr(code)}"
        else:
            for number in range(int(section), int(last) + 1):
                yield f"2.{number}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_cited_numbers_and_equations_are_the_same(page):
    text = (ROOT / "docs" / "method" / f"{page.name}.md").read_text(encoding="utf-8")
    equations = list_equations(text)
    assert len(equations) == len(set(equations)) > 5, "an equation number stands twice"
    kernel, twin = list_cited(page.kernel), list_cited(page.twin)
    known = set(equations) | set(SECTION.findall(text))
    for cited in (kernel, twin, list_cited_by_page(text)):
        unknown = {n: files for n, files in cited.items() if n not in known}
        assert not unknown, f"cited, but not on the page: {unknown}"
    assert set(equations) <= set(kernel), sorted(set(equations) - set(kernel))
    silent = set(equations) - set(twin) - page.not_in_twin
    assert not silent, f"the twin cites nowhere: {sorted(silent)}"
    assert page.not_in_twin <= set(equations)


def list_cited_by_page(text: str) -> dict[str, set[str]]:
    return {n: {"page"} for found in CITED.finditer(text) for n in expand(found.group(1))}


def test_ranges_are_written_out():
    assert list(expand("2.5c to 2.5e, 2.8a")) == ["2.5c", "2.5d", "2.5e", "2.8a"]
    assert list(expand("2.9 to 2.11")) == ["2.9", "2.10", "2.11"]
    assert CITED.findall("(2.455, 1) (2.4, 2.9) (2.6d)") == ["2.4, 2.9", "2.6d"]
