"""Own lists of firms and links: every format, every fault, nothing repaired unasked."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from pyarrow import feather

from keian.core import DataError, InputError
from keian.network import check_network, read_network
from keian.network.nouns import list_clients
from tests.firm_networks import TAG

CASES = yaml.safe_load(
    (Path(__file__).parents[2] / "cases" / "broken_networks.yaml").read_text(encoding="utf-8")
)
FIRMS = "id,product,region,sales,capacity,note\n甲,steel,east,100,,x\nB,cars,west,80,90,y\nC,cars,east,90.5,1e2,z\n"
LINKS = "supplier,client,value\nB,甲,5\n甲,C,20\n甲,B,10\n"


def write(folder, firms=FIRMS, links=LINKS):
    (folder / "firms.csv").write_text(firms, encoding="utf-8")
    (folder / "links.csv").write_text(links, encoding="utf-8")
    return folder / "firms.csv", folder / "links.csv"


def list_links(network):
    ids = network.ids.to_pylist()
    pairs = zip(network.supplier, list_clients(network), network.value, strict=True)
    return {(ids[j], ids[i]): float(value) for j, i, value in pairs}


WANTED = {("B", "甲"): 5.0, ("甲", "C"): 20.0, ("甲", "B"): 10.0}


def test_csv_is_read(tmp_path):
    network = read_network(*write(tmp_path), TAG)
    assert list_links(network) == WANTED
    at = network.ids.to_pylist().index("B")
    assert network.products[network.product[at]] == "cars"
    assert network.regions[network.region[at]] == "west"
    assert (network.sales[at], network.capacity[at]) == (80.0, 90.0)
    assert np.isnan(network.capacity[network.ids.to_pylist().index("甲")])
    assert check_network(network).ok


@pytest.mark.parametrize("suffix", ["parquet", "arrow", "feather"])
def test_other_formats_give_the_same_network(tmp_path, suffix):
    files = write(tmp_path)
    made = []
    for file in files:
        rows = [line.split(",") for line in file.read_text(encoding="utf-8").splitlines()]
        columns = {}
        for k, name in enumerate(rows[0]):
            cells = [row[k] or None for row in rows[1:]]
            if name in {"sales", "capacity", "value"}:
                cells = [None if cell is None else float(cell) for cell in cells]
            columns[name] = cells
        table = pa.table(columns)
        path = file.with_suffix(f".{suffix}")
        if suffix == "parquet":
            pq.write_table(table, path)
        elif suffix == "feather":
            feather.write_feather(table, path)
        else:
            with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as out:
                out.write_table(table)
        made.append(path)
    assert read_network(*made, TAG).digest == read_network(*files, TAG).digest


def test_order_of_rows_changes_nothing(tmp_path):
    (tmp_path / "other").mkdir()
    first = read_network(*write(tmp_path), TAG)
    rows = LINKS.splitlines()
    turned = "\n".join([rows[0], *reversed(rows[1:])]) + "\n"
    assert read_network(*write(tmp_path / "other", links=turned), TAG).digest == first.digest


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_broken_list_is_refused_with_its_place(tmp_path, case):
    with pytest.raises(DataError) as caught:
        read_network(*write(tmp_path, case["firms"], case["links"]), TAG)
    told = [(problem.where, problem.found) for problem in caught.value.problems]
    assert any(where.endswith(case["where"]) and case["found"] in found for where, found in told), (
        told
    )
    assert all(problem.fix for problem in caught.value.problems)
    if case["where"] == "firms.csv:1":  # of firms that cannot be read, no link is said to be wrong
        assert not [where for where, _ in told if "links.csv" in where]


def test_faults_of_both_files_come_together(tmp_path):
    firms = "id,product,region,sales\nA,steel,east,x\nB,cars,east,-1\nB,cars,west,5\n"
    links = "supplier,client,value\nA,Z,5\nA,B,none\n"
    with pytest.raises(DataError) as caught:
        read_network(*write(tmp_path, firms, links), TAG)
    assert len(caught.value.problems) == 5


def test_many_faults_of_one_kind_are_counted(tmp_path):
    links = "supplier,client,value\n" + "".join(f"X{k},B,5\n" for k in range(100))
    with pytest.raises(DataError) as caught:
        read_network(*write(tmp_path, links=links), TAG)
    assert len(caught.value.problems) == 21
    assert "80 more" in caught.value.problems[-1].found


def test_a_cut_parquet_file_and_another_encoding_are_refused(tmp_path):
    firms, links = write(tmp_path)
    cut = tmp_path / "cut.parquet"
    pq.write_table(
        pa.table({"supplier": ["B"] * 500, "client": ["C"] * 500, "value": [1.0] * 500}), cut
    )
    cut.write_bytes(cut.read_bytes()[:300])
    with pytest.raises(DataError, match="breaks off"):
        read_network(firms, cut, TAG)
    links.write_bytes(LINKS.encode("cp932"))
    with pytest.raises(DataError, match="UTF-8"):
        read_network(firms, links, TAG)


def test_what_is_no_list_is_refused(tmp_path):
    firms, _ = write(tmp_path)
    with pytest.raises(InputError, match="no file"):
        read_network(firms, tmp_path / "nothing.csv", TAG)
    (tmp_path / "links.txt").write_text(LINKS, encoding="utf-8")
    with pytest.raises(InputError, match="plain file"):
        read_network(firms, tmp_path / "links.txt", TAG)


def test_repairs_are_made_when_asked_and_stay_with_the_network(tmp_path):
    links = LINKS + "X,B,5\nB,B,1\n甲,B,2.5\n"
    network = read_network(
        *write(tmp_path, links=links), TAG,
        repairs=("drop-unknown", "drop-self-links", "merge-duplicates"),
    )  # fmt: skip
    assert list_links(network) == {**WANTED, ("甲", "B"): 12.5}
    assert [repair.split(" ")[:2] for repair in network.repairs] == [
        ["drop-unknown:", "1"], ["drop-self-links:", "1"], ["merge-duplicates:", "1"],
    ]  # fmt: skip
    with pytest.raises(InputError, match="drop-unknown"):
        read_network(*write(tmp_path), TAG, repairs=("mend",))


def test_columns_of_other_names_are_found(tmp_path):
    firms = FIRMS.replace("sales", "売上高", 1)
    with pytest.raises(DataError, match="no column 'sales'"):
        read_network(*write(tmp_path, firms), TAG)
    named = read_network(*write(tmp_path, firms), TAG, columns={"sales": "売上高"})
    assert named.digest == read_network(*write(tmp_path), TAG).digest


@pytest.mark.parametrize(
    "sales",
    [
        pa.array([True, False]),
        pa.array([1, 2], pa.date32()),
        pa.array([[1], [2]]),
        pa.array(["ten", "20"]).dictionary_encode(),
    ],
    ids=["truth", "days", "lists", "words"],
)
def test_a_column_that_holds_no_numbers_is_refused_by_name(tmp_path, sales):
    _, links = write(tmp_path, links="supplier,client,value\nB,A,5\n")
    table = {"id": ["A", "B"], "product": ["x", "y"], "region": ["r", "r"], "sales": sales}
    pq.write_table(pa.table(table), tmp_path / "firms.parquet")
    with pytest.raises(DataError) as caught:
        read_network(tmp_path / "firms.parquet", links, TAG)
    assert all("sales" in problem.where for problem in caught.value.problems)
    assert caught.value.problems[0].wanted.endswith(("numbers", "a number without separators"))


def test_numbers_of_other_kinds_are_read(tmp_path):
    _, links = write(tmp_path, links="supplier,client,value\nB,A,5\n")
    for kind in (pa.array(["10", "20"]).dictionary_encode(), pa.array([10, 20])):
        table = {"id": ["A", "B"], "product": ["x", "y"], "region": ["r", "r"], "sales": kind}
        pq.write_table(pa.table(table), tmp_path / "firms.parquet")
        network = read_network(tmp_path / "firms.parquet", links, TAG)
        assert sorted(network.sales) == [10.0, 20.0]
