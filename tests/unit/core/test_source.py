"""Sources: what they must state and what a list of them may not hold."""

from datetime import date

import pytest

from keian.core import InputError, load_sources

GOOD = """\
- id: s-a
  title: Survey of stocks
  kind: published
  grade: A
  url: https://example.org/stocks?y=2025
  published: 2025-03
  vintage: 2024
  retrieved: 2026-11-22
- {id: a-b, title: Assumed, kind: assumption, published: 2026-11-22}
"""


def load(text, folder):
    file = folder / "sources.yaml"
    file.write_text(text, encoding="utf-8")
    return load_sources(file, root=folder)


def test_sources_come_by_id_in_the_order_of_the_file(tmp_path):
    sources = load(GOOD, tmp_path)
    assert list(sources) == ["s-a", "a-b"]
    assert sources["s-a"].retrieved == date(2026, 11, 22)
    assert (sources["s-a"].published, sources["s-a"].vintage) == ("2025-03", "2024")
    assert sources["a-b"].published == "2026-11-22"
    assert sources["a-b"].grade is None


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("id: s-a", "id: 's a'", "1 [0].id"),
        ("kind: published", "kind: rumour", "3 [0].kind"),
        ("grade: A", "grade: D", "4 [0].grade"),
        ("https://", "javascript://", "5 [0].url"),
        ("?y=2025", "' onclick='x", "5 [0].url"),
        ("retrieved: 2026-11-22", "retrieved: 2026-11", "8 [0].retrieved"),
        ("retrieved: 2026-11-22", "sha256: ABC", "8 [0].sha256"),
        ("title: Assumed, ", "", "9 [1].title"),
        ("id: a-b", "id: s-a", "9 [1].id"),
        ("id: a-b", "aid: a-b", "9 [1].aid"),
    ],
)
def test_faults(old, new, where, tmp_path):
    assert old in GOOD
    with pytest.raises(InputError) as refused:
        load(GOOD.replace(old, new), tmp_path)
    places = [p.where.removeprefix(f"{tmp_path / 'sources.yaml'}:") for p in refused.value.problems]
    assert where in places


def test_all_faults_come_together(tmp_path):
    with pytest.raises(InputError) as refused:
        load(GOOD.replace("grade: A", "grade: D").replace("assumption", "guess"), tmp_path)
    assert len(refused.value.problems) == 2


def test_a_mapping_is_no_list_of_sources(tmp_path):
    with pytest.raises(InputError, match="a list of sources"):
        load("s-a: {title: x}\n", tmp_path)
