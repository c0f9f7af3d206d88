"""Files from people: UTF-8 only, plain files only, inside their folder only."""

import os

import pytest

from keian.core import InputError, find_inside, is_plain_name, read_text, read_yaml

TEXT = "名前: 備蓄の放出\n期間: 三十日\n"


def refuse(path, **options):
    with pytest.raises(InputError) as refused:
        read_text(path, **options)
    (problem,) = refused.value.problems
    return problem


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (TEXT.encode("cp932"), "(they read as Shift_JIS)"),
        (TEXT.encode("euc_jp"), "(they read as EUC-JP)"),
        (TEXT.encode("iso2022_jp"), "(they read as ISO-2022-JP)"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "NUL bytes"),
        (TEXT.encode("utf-16-le"), "NUL bytes"),
        (TEXT.encode("utf-8-sig"), "UTF-8 with a byte order mark"),
        (b"a: \x00\n", "NUL bytes"),
        (b"a: \x80\xff\xff\n", "bytes that are not UTF-8"),
        (b"a: \xed\xa0\x80\n", "bytes that are not UTF-8"),  # half of a surrogate pair
        (b"a: \xc0\xaf\n", "bytes that are not UTF-8"),  # a longer form of "/"
    ],
)
def test_other_encodings_are_named(raw, found, tmp_path):
    file = tmp_path / "x.yaml"
    file.write_bytes(raw)
    problem = refuse(file)
    assert found in problem.found
    assert problem.wanted == "UTF-8"
    assert problem.fix == "save the file as UTF-8"


def test_the_line_of_the_first_bad_byte_is_told(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_bytes(b"a: 1\nb: 2\nc: " + "備蓄".encode("cp932") + b"\n")
    assert refuse(file).where == f"{file}:3"


@pytest.mark.parametrize("cut", [1, 2])
def test_a_file_cut_inside_a_character(cut, tmp_path):
    file = tmp_path / "x.yaml"
    file.write_bytes("備蓄".encode()[:-cut])
    assert "ends inside a character" in refuse(file).found


def test_line_ends_and_wide_characters_stay(tmp_path):
    file = tmp_path / "x.txt"
    file.write_bytes("a\r\nb\n𠮷😀".encode())
    assert read_text(file) == "a\r\nb\n𠮷😀"


def test_yaml_with_windows_line_ends_reads_the_same(tmp_path):
    unix, windows = tmp_path / "u.yaml", tmp_path / "w.yaml"
    unix.write_bytes(TEXT.encode())
    windows.write_bytes(TEXT.replace("\n", "\r\n").encode())
    assert read_yaml(unix).data == read_yaml(windows).data
    assert read_yaml(unix).lines == read_yaml(windows).lines


def test_size_is_limited(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text("a" * 11)
    assert refuse(file, most_bytes=10).found == "more than 10 bytes"
    assert read_text(file, most_bytes=11) == "a" * 11


def test_absent_file_names_the_nearest(tmp_path):
    (tmp_path / "scenario.yaml").write_text("a: 1")
    assert refuse(tmp_path / "scenaro.yaml").fix == "did you mean 'scenario.yaml'?"
    assert refuse(tmp_path / "no" / "such.yaml").fix == "check the path"


def test_a_folder_and_a_pipe_are_no_files(tmp_path):
    assert refuse(tmp_path).wanted == "a file"
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert refuse(tmp_path / "pipe").wanted == "a file"


@pytest.fixture
def folders(tmp_path):
    inside = tmp_path / "inside"
    (inside / "deep").mkdir(parents=True)
    (tmp_path / "secret.yaml").write_text("a: 1")
    (inside / "deep" / "own.yaml").write_text("a: 2")
    return inside


@pytest.mark.parametrize(
    "path", ["../secret.yaml", "deep/../../secret.yaml", "/etc/hostname", "..", "../inside2/x"]
)
def test_paths_do_not_leave_the_folder(path, folders):
    assert refuse(path, root=folders).found == "a path that leaves its folder"


@pytest.mark.parametrize("path", ["deep/own.yaml", "deep/../deep/own.yaml", "./deep//own.yaml"])
def test_paths_inside_are_read(path, folders):
    assert read_text(path, root=folders) == "a: 2"
    assert read_text(folders / path, root=folders) == "a: 2"
    assert find_inside(folders, path) == folders / "deep" / "own.yaml"


def test_links_are_refused_wherever_they_stand(folders):
    try:
        (folders / "file.yaml").symlink_to(folders.parent / "secret.yaml")
        (folders / "folder").symlink_to(folders.parent)
    except OSError:
        pytest.skip("this system makes no symbolic links")
    assert refuse("file.yaml", root=folders).found == "a symbolic link"
    assert refuse("folder/secret.yaml", root=folders).found == "a symbolic link"
    assert refuse(folders / "file.yaml").found == "a symbolic link"


def test_the_folder_itself_may_lie_behind_a_link(folders):
    try:
        (folders.parent / "door").symlink_to(folders)
    except OSError:
        pytest.skip("this system makes no symbolic links")
    assert read_text("deep/own.yaml", root=folders.parent / "door") == "a: 2"


def test_nul_in_a_path(folders):
    assert "NUL" in refuse("deep\0/own.yaml", root=folders).found
    assert "NUL" in refuse("deep\0/own.yaml").found


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("loss.parquet", True),
        ("a_b-1", True),
        ("..", False),
        (".hidden", False),
        ("", False),
        ("a b", False),
        ("COM1", False),
        ("con.csv", False),
        ("console.csv", True),
        ("a\n", False),
        ("あ", False),
        ("x" * 121, False),
    ],
)
def test_plain_names(name, plain):
    assert is_plain_name(name) is plain
