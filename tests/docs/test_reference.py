"""The reference pages are what the code says today."""

from importlib.util import find_spec

import pytest

from tools.write_reference import PAGES, WRITERS


@pytest.mark.parametrize("page", WRITERS)
def test_the_page_is_what_the_code_says(page):
    room, write = WRITERS[page]
    if find_spec(room) is None:
        pytest.skip(f"{room} is not there yet")
    assert (PAGES / page).read_text(encoding="utf-8") == write(), (
        "renew it: python -m tools.write_reference"
    )


@pytest.mark.skipif(find_spec("keian.cli") is None, reason="keian.cli is not there yet")
def test_every_command_and_option_has_a_help_text():
    page = WRITERS["command-line.md"][1]()
    silent = [
        line for line in page.splitlines() if line.startswith("| `") and line.endswith("|  |")
    ]
    assert not silent, silent
    assert not list_silent_sections(page)


@pytest.mark.skipif(find_spec("keian.scenario") is None, reason="the room is not there yet")
def test_every_document_says_what_it_is():
    assert not list_silent_sections(WRITERS["documents.md"][1]())


def list_silent_sections(page):
    sections = page.split("\n## ")[1:]
    return [s.splitlines()[0] for s in sections if not s.splitlines()[2].strip()]
