"""The tutorial on scenarios works as it stands: its files are written, its Python is run."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "docs" / "tutorials" / "write-a-scenario.md"
BLOCK = re.compile(r"^```(\w+)[ ]?(\S*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
BLOCKS = BLOCK.findall(PAGE.read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for language, name, text in BLOCKS:
        if language == "yaml":
            (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_blocks_run_in_order(folder, capsys):
    names = {}
    for language, _, text in BLOCKS:
        if language == "python":
            exec(compile(text, str(PAGE), "exec"), names)  # noqa: S102 - our own page
    shown = capsys.readouterr().out
    assert "Mostly judgement: 100 %" in shown
    assert "Decided: Quick approval of second sources" in shown


def test_there_is_a_file_and_a_program_to_run():
    assert {language for language, _, _ in BLOCKS} == {"yaml", "python", "sh"}
