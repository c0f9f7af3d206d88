"""Sources: dates as precisely as known, links that are links, ids that stand once."""

from datetime import date

import pytest
from pydantic import ValidationError

from keian.core import InputError, Source, load_sources


def make_source(**fields):
    return Source(**{"id": "s", "title": "T", "kind": "published", **fields})


@pytest.mark.parametrize(
    ("written", "kept"),
    [(2011, "2011"), ("2011", "2011"), (date(2011, 3, 1), "2011-03-01"), ("2013-11", "2013-11")],
)
def test_dates_are_kept_as_precisely_as_they_are_known(written, kept):
    assert make_source(published=written).published == kept
    assert make_source(vintage=written).vintage == kept


def test_day_of_retrieval_is_a_day():
    assert make_source(retrieved="2026-11-22").retrieved == date(2026, 11, 22)
    with pytest.raises(ValidationError):
        make_source(retrieved="2026")


@pytest.mark.parametrize(
    "fields",
    [
        {"url": "javascript:alert(1)"},
        {"url": "http://a b"},
        {"url": 'https://x"onload'},
        {"sha256": "ab"},
        {"id": "../x"},
        {"id": ""},
        {"grade": "D"},
        {"kind": "guess"},
        {"publishr": "x"},
    ],
    ids=str,
)
def test_what_is_no_source_is_refused(fields):
    with pytest.raises(ValidationError):
        make_source(**fields)


def test_list_of_sources_is_read_in_its_order(tmp_path):
    file = tmp_path / "s.yaml"
    file.write_text(
        "- {id: b, title: B, kind: published, published: 2026-01-02, retrieved: 2026-11-22}\n"
        "- {id: a, title: A, kind: assumption}\n"
    )
    sources = load_sources(file)
    assert list(sources) == ["b", "a"]
    assert sources["b"].published == "2026-01-02"


def test_all_faults_of_a_list_come_together(tmp_path):
    file = tmp_path / "s.yaml"
    file.write_text(
        "- {id: a, title: A, kind: published}\n- {id: b, titel: B, kind: published}\n"
        "- {id: a, title: C, kind: gess}\n- {id: a, title: C, kind: proposal}\n"
    )
    with pytest.raises(InputError) as refused:
        load_sources(file)
    assert [p.where.removeprefix(str(file)) for p in refused.value.problems] == [
        ":2 [1].title", ":2 [1].titel", ":3 [2].kind", ":4 [3].id",
    ]  # fmt: skip


def test_a_mapping_is_no_list_of_sources(tmp_path):
    file = tmp_path / "s.yaml"
    file.write_text("id: a\n")
    with pytest.raises(InputError, match="a list of sources"):
        load_sources(file)
