"""The native format: content addressed, memory mapped, all or nothing."""

import json

import numpy as np
import pytest

from keian.core import DataError, InputError
from keian.network import load_network, native, save_network
from tests.firm_networks import draw_network


def test_what_was_saved_is_loaded_as_memory_maps(tmp_path):
    network = draw_network(1)
    folder = save_network(network, tmp_path)
    assert folder.name == network.digest
    loaded = load_network(folder, verify=True)
    assert isinstance(loaded.value, np.memmap)
    assert not loaded.value.flags.writeable
    assert loaded.ids.to_pylist() == network.ids.to_pylist()
    assert loaded.label == network.label
    assert loaded.sources == network.sources
    for name in ("product", "region", "area", "sales", "client_start", "supplier", "value"):
        assert np.array_equal(getattr(loaded, name), getattr(network, name)), name
    assert np.array_equal(loaded.capacity, network.capacity, equal_nan=True)


def test_saving_twice_keeps_the_first(tmp_path):
    network = draw_network(1)
    folder = save_network(network, tmp_path)
    before = (folder / "network.json").stat().st_mtime_ns
    assert save_network(network, tmp_path) == folder
    assert (folder / "network.json").stat().st_mtime_ns == before
    assert [path.name for path in tmp_path.iterdir()] == [network.digest]


def test_an_interruption_leaves_nothing(tmp_path, monkeypatch):
    def stop(*_args, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr(native.json, "dump", stop)  # the arrays are on disk, the last file is not
    with pytest.raises(KeyboardInterrupt):
        save_network(draw_network(1), tmp_path)
    assert not list(tmp_path.iterdir())


def break_length(folder):
    np.save(folder / "sales.npy", np.ones(3))


def break_kind(folder):
    np.save(folder / "supplier.npy", np.load(folder / "supplier.npy").astype(np.int64))


def break_off(folder):
    path = folder / "value.npy"
    path.write_bytes(path.read_bytes()[:-100])


def lead_out(folder):
    supplier = np.load(folder / "supplier.npy")
    supplier[5] = 10_000
    np.save(folder / "supplier.npy", supplier)


def turn_starts(folder):
    start = np.load(folder / "client_start.npy")
    start[3] = start[-1] + 5
    np.save(folder / "client_start.npy", start)


def remove(folder):
    (folder / "region.npy").unlink()


def break_text(folder):
    (folder / "network.json").write_text("{", encoding="utf-8")


def change_format(folder):
    meta = json.loads((folder / "network.json").read_text(encoding="utf-8"))
    (folder / "network.json").write_text(json.dumps({**meta, "format": 9}), encoding="utf-8")


def number_outside(folder):
    np.save(folder / "product.npy", np.load(folder / "product.npy") + 7)


BREAKS = (break_length, break_kind, break_off, lead_out, turn_starts, remove, break_text,
          change_format, number_outside)  # fmt: skip


@pytest.mark.parametrize("damage", BREAKS)
def test_a_damaged_network_is_refused_on_loading(tmp_path, damage):
    folder = save_network(draw_network(1), tmp_path)
    damage(folder)
    with pytest.raises(DataError) as caught:
        load_network(folder)
    assert "again" in caught.value.problems[0].fix


def test_a_changed_figure_is_found_when_asked(tmp_path):
    folder = save_network(draw_network(1), tmp_path)
    value = np.load(folder / "value.npy")
    value[0] *= 2
    np.save(folder / "value.npy", value)
    load_network(folder)
    with pytest.raises(DataError, match="digest"):
        load_network(folder, verify=True)


def test_another_folder_is_no_network(tmp_path):
    with pytest.raises(InputError, match="no network"):
        load_network(tmp_path)
