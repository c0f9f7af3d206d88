"""Paths from people stay in their folder and lead to plain files."""

import os
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keian.core import InputError, find_inside, is_plain_name, read_text

ESCAPES = (
    "..", "../x", "a/../../x", "./../x", "a/b/../../../x", "/etc/passwd", "//etc/passwd",
    "sub/../../root2/x", "../root2",
)  # fmt: skip
NOT_PLAIN = (
    "", ".", "..", "../x", "a/b", "a\\b", "/x", ".hidden", "-rf", "nul", "NUL.txt", "com1", "a:b",
    "a b", "a\n", "x.", "a\0b", "é", "原油", "%2e%2e", "x" * 121, "lpt9.parquet", "~",
)  # fmt: skip

links = pytest.mark.skipif(sys.platform == "win32", reason="needs the right to make links")


@pytest.fixture
def root(tmp_path):
    top = tmp_path / "root"
    (top / "sub").mkdir(parents=True)
    (top / "sub" / "in.yaml").write_text("in")
    (tmp_path / "root2").mkdir()
    (tmp_path / "root2" / "x").write_text("secret")
    return top


@pytest.mark.parametrize("path", ESCAPES)
def test_a_path_cannot_leave_its_folder(root, path):
    with pytest.raises(InputError, match="leaves its folder"):
        find_inside(root, path)
    with pytest.raises(InputError, match="leaves its folder"):
        read_text(path, root=root)


@pytest.mark.parametrize("path", ["sub/in.yaml", "./sub/in.yaml", "sub/../sub/in.yaml"])
def test_a_path_inside_is_found(root, path):
    assert find_inside(root, path) == root / "sub" / "in.yaml"
    assert read_text(path, root=root) == "in"
    assert read_text(root / path, root=root) == "in"


@given(st.lists(st.sampled_from(["..", ".", "a", "b", "...", " ", "~", "..."]), max_size=8))
def test_whatever_is_found_lies_inside(parts):
    try:
        found = find_inside("top", "/".join(parts))
    except InputError:
        return
    assert os.path.commonpath([found, os.path.abspath("top")]) == os.path.abspath("top")  # noqa: PTH100 - independent of pathlib


@links
def test_links_are_refused_wherever_they_point(root):
    (root / "file.yaml").symlink_to(root / "sub" / "in.yaml")
    (root / "folder").symlink_to(root.parent / "root2")
    (root / "dead").symlink_to(root / "nothing")
    for path in ("file.yaml", "folder/x", "dead"):
        with pytest.raises(InputError, match="a symbolic link"):
            read_text(path, root=root)
    with pytest.raises(InputError, match="a symbolic link"):
        read_text(root / "file.yaml")


@links
def test_the_folder_itself_may_lie_behind_a_link(root):
    door = root.parent / "door"
    door.symlink_to(root)
    assert read_text("sub/in.yaml", root=door) == "in"
    assert read_text(door / "sub" / "in.yaml") == "in"


@pytest.mark.parametrize("path", ["sub", ".", "/dev/zero", "/dev/stdin"])
def test_folders_and_devices_are_no_files(root, path, monkeypatch):
    monkeypatch.chdir(root)
    with pytest.raises(InputError, match=r"a folder or device|a symbolic link|no such file"):
        read_text(path)


def test_an_absent_file_is_told_with_the_nearest_name(root):
    with pytest.raises(InputError, match=r"did you mean 'in\.yaml'"):
        read_text(root / "sub" / "im.yaml")
    with pytest.raises(InputError, match="no such file"):
        read_text(root / "none" / "im.yaml")


def test_a_nul_in_a_path_is_refused(root):
    with pytest.raises(InputError, match="NUL"):
        read_text("a\0b")
    with pytest.raises(InputError, match="NUL"):
        find_inside(root, "a\0b")


@pytest.mark.parametrize("name", NOT_PLAIN, ids=repr)
def test_names_that_mean_more_than_a_file_are_not_plain(name):
    assert not is_plain_name(name)


@pytest.mark.parametrize("name", ["a", "loss.parquet", "hormuz-90d_2.yaml", "console.txt", "7"])
def test_plain_names(name):
    assert is_plain_name(name)
