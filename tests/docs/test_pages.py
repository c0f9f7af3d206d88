"""Pages say what is there: links, commands, rooms, layers."""

import re
import runpy

import pytest

from keian.scenario.load import list_default, list_shipped
from tests.architecture.test_dependencies import read_project
from tests.architecture.tree import PACKAGE, ROOT, list_files, list_rooms, show

PAGES = [path for path in list_files() if path.suffix == ".md"]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
ONE_SCREEN_LINES = 50


def read_page(path):
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def list_anchors(page):
    headings = re.findall(r"^#+ (.*)$", page, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def list_make_verbs():
    return set(runpy.run_path(str(ROOT / "make.py"))["VERBS"])


def list_commands(page):
    return [
        line.split("  #")[0].strip()
        for language, block in BLOCK.findall(page)
        if language == "sh"
        for line in block.splitlines()
        if line.strip()
    ]


@pytest.mark.parametrize("path", PAGES, ids=show)
def test_every_link_inside_the_project_leads_somewhere(path):
    broken = []
    for link in LINK.findall(read_page(path)):
        if re.match(r"^[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (anchor and anchor not in list_anchors(read_page(target))):
            broken.append(link)
    assert not broken, broken


@pytest.mark.parametrize("path", PAGES, ids=show)
def test_every_make_command_shown_exists(path):
    shown = [
        c.split()[2] for c in list_commands(read_page(path)) if c.startswith("python3 make.py")
    ]
    assert set(shown) <= list_make_verbs()


def test_readme_fits_one_screen_and_shows_the_two_commands():
    page = read_page(ROOT / "README.md")
    assert len(page.splitlines()) <= ONE_SCREEN_LINES
    assert list_commands(page) == ["python3 make.py run", "python3 make.py test"]


def test_contributing_explains_every_verb_of_make():
    page = read_page(ROOT / "CONTRIBUTING.md") + read_page(ROOT / "README.md")
    assert {command.split()[2] for command in list_commands(page)} == list_make_verbs()


def test_architecture_shows_the_layers_that_the_contract_holds():
    blocks = [body.split("\n") for _, body in BLOCK.findall(read_page(ROOT / "ARCHITECTURE.md"))]
    shown = next(lines for lines in blocks if lines[0] == "cli")
    contracts = read_project()["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    held = [line.replace("(", "").replace(")", "") for line in layers if "__main__" not in line]
    assert [line for line in shown if line] == held


def test_architecture_describes_the_rooms_that_are_there():
    page = read_page(ROOT / "ARCHITECTURE.md")
    described = set(re.findall(r"^  (\w+)/ ", page, flags=re.MULTILINE))
    there = {room.name for room in list_rooms()}
    assert there <= described, f"not in ARCHITECTURE.md: {there - described}"
    later = set(re.findall(r"`(\w+)/`", page.split("Later, each")[1].split("\n\n")[0]))
    assert later
    assert not [name for name in later if (PACKAGE / name).exists()], "no longer later"


def test_docs_index_names_every_page_and_folder():
    index = read_page(ROOT / "docs" / "README.md")
    docs = ROOT / "docs"
    there = {path.relative_to(docs).parts[0] for path in list_files() if docs in path.parents}
    assert not [name for name in there - {"README.md", "img"} if name not in index]


def test_decisions_are_numbered_without_gaps():
    numbers = sorted(int(p.name[:3]) for p in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_shipped_scenario_has_its_story_and_no_other_has():
    folder = ROOT / "docs" / "stories"
    pages = {path.stem for path in folder.glob("*.md")} - {"README"}
    assert pages == set(list_shipped().scenarios)
    index = read_page(folder / "README.md")
    assert not [name for name in pages if f"[{name}]({name}.md)" not in index]
    for name in pages:
        page = read_page(folder / f"{name}.md")
        assert f"keian review --scenario {name}`" in page  # the numbers name their command
        in_default = "not in the default review" not in page
        assert in_default is (name in list_default())
