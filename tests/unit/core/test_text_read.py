"""Text of people: whole UTF-8 files up to a size; what stands in them stays as it is."""

import os

import pytest

from keian.core import InputError, read_text, read_yaml

TEXT = "名前: 備蓄の放出\n期間: 三十日\n"


def refuse(path, **options):
    with pytest.raises(InputError) as refused:
        read_text(path, **options)
    (problem,) = refused.value.problems
    return problem


@pytest.mark.parametrize(
    "raw",
    [
        b"a: \xed\xa0\x80\n",  # half of a surrogate pair
        b"a: \xc0\xaf\n",  # a longer form of "/"
        b"a: \xf5\x80\x80\x80\n",  # beyond Unicode
    ],
)
def test_forms_that_hide_characters_are_not_utf8(raw, tmp_path):
    file = tmp_path / "x.yaml"
    file.write_bytes(raw)
    problem = refuse(file)
    assert "not UTF-8" in problem.found
    assert problem.fix == "save the file as UTF-8"


@pytest.mark.parametrize("codec", ["cp932", "euc_jp"])
def test_the_line_of_the_first_bad_byte_is_told(codec, tmp_path):
    file = tmp_path / "x.yaml"
    file.write_bytes(b"a: 1\nb: 2\nc: " + "備蓄".encode(codec) + b"\n")
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


def test_size_is_limited_to_the_byte(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text("a" * 11)
    assert refuse(file, most_bytes=10).found == "more than 10 bytes"
    assert read_text(file, most_bytes=11) == "a" * 11


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert refuse(tmp_path / "pipe").wanted == "a file"
