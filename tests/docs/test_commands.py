"""Every command that a page or a help text shows can be called as it stands."""

import re
import shlex

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from keian.cli import app
from tests.architecture.tree import ROOT, list_files, show

PAGES = [path for path in list_files() if path.suffix == ".md"]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
EXAMPLE = re.compile(r"^ {4}(keian .*)$", re.MULTILINE)
TUTORIAL = ROOT / "docs" / "tutorials" / "first-review.md"
QUICK = {"doctor", "economy", "explain", "measures", "runs", "scenarios"}


def list_shown(path):
    return [
        line.split("  #")[0].strip()
        for block in BLOCK.findall(path.read_text(encoding="utf-8"))
        for line in block.splitlines()
        if line.startswith("keian ")
    ]


def list_examples():
    door = get_command(app)
    texts = [command.help or "" for command in list_leaves(door)]
    return [example for text in texts for example in EXAMPLE.findall(text)]


def list_leaves(command):
    inner = getattr(command, "commands", None)
    return [leaf for c in inner.values() for leaf in list_leaves(c)] if inner else [command]


def parse(command):
    """Parse a command line as typer would, without running it."""
    found, words = get_command(app), shlex.split(command)[1:]
    name = "keian"
    while hasattr(found, "commands"):
        if not words and found.invoke_without_command:
            break
        if getattr(found, "other_words", None) and words[0] not in found.commands:
            words.insert(0, found.other_words)
        name = words.pop(0)
        assert name in found.commands, f"no command {name!r} in {command!r}"
        found = found.commands[name]
    found.make_context(name, words)


SHOWN = [(path, command) for path in PAGES for command in list_shown(path)]


@pytest.mark.parametrize(("path", "command"), SHOWN, ids=[f"{show(p)}: {c}" for p, c in SHOWN])
def test_every_command_on_a_page_can_be_called(path, command):
    parse(command)


@pytest.mark.parametrize("example", list_examples())
def test_every_example_of_a_help_text_can_be_called(example):
    parse(example)


def test_the_parser_of_this_test_refuses_what_is_not_there():
    with pytest.raises(AssertionError):
        parse("keian rewiew")
    with pytest.raises(IndexError):
        parse("keian register")
    with pytest.raises(Exception, match="No such option"):
        parse("keian review --drows 3")


def test_the_tutorial_shows_every_command():
    page = TUTORIAL.read_text(encoding="utf-8")
    missing = [name for name in get_command(app).commands if f"keian {name}" not in page]
    assert not missing


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [c for c in list_shown(TUTORIAL) if c.split()[1] in QUICK]
)  # fmt: skip
def test_what_the_tutorial_only_looks_at_works(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, shlex.split(command)[1:])
    assert result.exit_code == 0, result.output
    assert result.stdout


@pytest.mark.slow
def test_the_tutorial_plays_a_scenario_and_replays_it_to_the_same_bits(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command = next(c for c in list_shown(TUTORIAL) if c.startswith("keian simulate"))
    played = CliRunner().invoke(app, shlex.split(command)[1:])
    assert played.exit_code == 0, played.output
    (folder,) = (tmp_path / "keian-workspace" / "runs").iterdir()
    for name in ("report.html", "report.ja.html", "review.json", "results.nc", "scenario.yaml"):
        assert (folder / name).is_file()
    again = CliRunner().invoke(app, ["replay", folder.name[:12]])
    assert again.exit_code == 0, again.output
    assert "same bits" in again.stdout


@pytest.mark.slow
def test_the_refusal_of_the_tutorial_has_its_exit_code(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command = next(c for c in list_shown(TUTORIAL) if "--viewer" in c)
    assert CliRunner().invoke(app, shlex.split(command)[1:]).exit_code == 4
