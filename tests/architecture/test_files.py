"""Sizes, names and words of files (conventions 8, 11; architecture, Rooms)."""

import re
from statistics import median

import pytest

from tests.architecture.tree import PACKAGE, list_files, list_modules, list_texts, show

SOFT_LINES = 200
HARD_LINES = 600
MOST_WAIVERS = 3
LARGEST_BYTES = 2_000_000
WAIVER = re.compile(r"^# size: \S.{9,}")
VAGUE = {
    "base", "common", "core", "handler", "handlers", "helper", "helpers", "manager", "managers",
    "misc", "service", "services", "shared", "stuff", "util", "utils",
}  # fmt: skip
ROOMS_WITH_PLAIN_NAMES = {PACKAGE / "core"}  # the bottom room: named in the architecture
# Written in pieces, or this file would hold what it looks for.
MACHINE = re.compile(
    "|".join(
        [
            r"(?<![\w.:/-])/(?:"
            + "|".join(["wor" + "k", "roo" + "t", "hom" + "e", "tm" + "p"])
            + r")/",
            r"\b[A-Z]:\\Use" + r"rs\\",
            r"fil" + r"e:///",
            r"://[^/\s:@\"'<>]+:[^/\s@\"'<>]+@",
            r"BEGIN [A-Z ]*PRIVATE" + r" KEY",
        ]
    )
)
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|NotImplemented" + r"Error)\b")
SILENCED = re.compile(r"#\s*(?:no" + r"qa|type:\s*ign" + r"ore)(?P<rest>.*)$")
REASONED = re.compile(
    r"^(?::\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*|\[[\w,\- ]+\])\s+(?:-|#)\s*\w.{5,}"
)


def count_lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def has_waiver(path):
    return bool(WAIVER.match(path.read_text(encoding="utf-8")))


def find_lines(paths, pattern):
    found = []
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{show(path)}:{number}: {line.strip()[:100]}")
    return found


def list_python():
    return [path for path in list_files() if path.suffix == ".py"]


def test_no_python_file_is_longer_than_the_hard_limit_without_a_waiver():
    long = [p for p in list_python() if count_lines(p) > HARD_LINES and not has_waiver(p)]
    assert not long, "split, or first line `# size: reason`: " + ", ".join(map(show, long))


def test_waivers_are_few_and_needed():
    waived = [path for path in list_python() if has_waiver(path)]
    assert len(waived) <= MOST_WAIVERS, list(map(show, waived))
    needless = [show(path) for path in waived if count_lines(path) <= HARD_LINES]
    assert not needless, f"a waiver that nothing needs: {needless}"


def test_the_usual_file_of_the_package_stays_under_the_soft_limit():
    assert median(map(count_lines, list_modules())) <= SOFT_LINES


def test_no_file_or_folder_has_a_name_that_says_nothing():
    vague = set()
    for path in list_files():
        parts = [path, *path.parents]
        vague |= {
            p
            for p in parts
            if p.stem.lower().strip("_") in VAGUE and p not in ROOMS_WITH_PLAIN_NAMES
        }
    vague = {
        p
        for p in vague
        if p.is_relative_to(PACKAGE) or p.is_relative_to(PACKAGE.parents[1] / "tools")
    }
    assert not vague, sorted(map(show, vague))


def test_no_file_is_larger_than_two_megabytes():
    large = [
        f"{show(p)}: {p.stat().st_size}" for p in list_files() if p.stat().st_size > LARGEST_BYTES
    ]
    assert not large, large


def test_no_text_names_a_machine_or_holds_a_secret():
    found = find_lines(list_texts(), MACHINE)
    assert not found, "\n".join(found)


def test_nothing_is_left_unfinished():
    found = find_lines([p for p in list_texts() if p.suffix == ".py"], UNFINISHED)
    assert not found, "\n".join(found)


def test_every_silenced_check_names_its_code_and_reason():
    bare = []
    for path in list_python():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = SILENCED.search(line)
            if match and not REASONED.match(match["rest"]):
                bare.append(f"{show(path)}:{number}: {line.strip()[:100]}")
    assert not bare, "a silenced check names code and reason:\n" + "\n".join(bare)


@pytest.mark.parametrize(
    "line",
    [
        "x = '/tm" + "p/out'",
        "see /roo" + "t/.cache",
        "C:\\Use" + "rs\\me",
        "https://me:pass" + "word@host/x",
    ],
)
def test_the_search_for_machine_paths_finds_them(line):
    assert MACHINE.search(line)


@pytest.mark.parametrize(
    "line", ["https://example.org/wor" + "k/x", "docs/tm" + "p/x", "a/roo" + "t/b"]
)
def test_the_search_for_machine_paths_leaves_links_and_relative_paths(line):
    assert not MACHINE.search(line)
