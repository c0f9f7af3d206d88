"""The page on the manifest names its fields and what belongs to a run's identity."""

import re
from pathlib import Path

from keian.store import Manifest, read_versions
from keian.store.manifest import NO_IDENTITY

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "manifest.md"


def test_page_lists_the_fields_of_the_manifest_and_their_part_in_the_identity():
    page = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?`) \|.*\| (yes|no) \|$", page, flags=re.MULTILINE)
    told = {name: answer for names, answer in rows for name in re.findall(r"`(\w+)`", names)}
    assert told == {n: "no" if n in NO_IDENTITY else "yes" for n in Manifest.model_fields}


def test_page_names_the_versions_that_are_kept():
    line = next(x for x in PAGE.read_text(encoding="utf-8").splitlines() if "`versions`" in x)
    assert all(name in line for name in read_versions())
