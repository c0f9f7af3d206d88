"""Reads a law as the e-Gov law search publishes it (XML): articles, paragraphs, items, revision.

The shipped registers hold no law text; a user who loads the file can point at a provision exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from keian.core import InputError, Problem
from keian.core.text_read import read_bytes

MOST_BYTES = 60_000_000  # the longest law in force has about 10 MB
REVISION = re.compile(r"[0-9]{3}[A-Z0-9]{12}_[0-9]{8}_[0-9A-Z]+")
LAW_ID = re.compile(r"[0-9]{3}[A-Z0-9]{12}")
ERAS = MappingProxyType({"Meiji": 1, "Taisho": 2, "Showa": 3, "Heisei": 4, "Reiwa": 5})
KINDS = MappingProxyType({"Act": "AC", "CabinetOrder": "CO"})
CITED = re.compile(r"arts? ([0-9]+(?:-[0-9]+)?)(?:\(([0-9]+)\))?(?:\(([ivxlc]+)\))?")
ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Provision:
    """One article, paragraph or item: `art. 52(3)`, `art. 2(1)(xi)`, `suppl. art. 4`."""

    id: str
    title: str
    caption: str | None
    text: str
    amending: str | None = None


@dataclass(frozen=True, slots=True)
class Law:
    """A law with its provisions in order; `revision` is the id of the text read, if it says one.

    Attributes
    ----------
    start, serial : how its id in the law search begins and ends, by era, year, kind and number, of
        an act or a cabinet order; None = another kind, or not said.
    """

    number: str
    title: str
    revision: str | None
    provisions: tuple[Provision, ...]
    start: str | None = None
    serial: str | None = None

    def find(self, provision: str) -> Provision:
        """Find a provision by its id.

        Raises
        ------
        InputError
            The law has no such provision.
        """
        for each in self.provisions:
            if each.id == provision and each.amending is None:
                return each
        fix = "write art. 52, art. 52(3), art. 2(1)(xi) or suppl. art. 4"
        raise InputError([Problem(self.title, repr(provision), "a provision of this law", fix)])


def read_law(path: Path | str) -> Law:
    """Read a law of the e-Gov XML layout, alone or inside the answer of its interface.

    Raises
    ------
    InputError
        The file cannot be read, is no XML, declares entities, or holds no law.
    """
    raw = read_bytes(path, most_bytes=MOST_BYTES)
    try:
        root = fromstring(raw)
    except (ParseError, DefusedXmlException, ValueError) as error:
        fix = "load the XML file of the law search again"
        found = f"{type(error).__name__}: {error}"
        raise InputError([Problem(str(path), found, "an XML law", fix)]) from error
    law = root if root.tag == "Law" else root.find(".//Law")
    body = None if law is None else law.find("LawBody")
    if law is None or body is None:
        fix = "load a law's XML, not another file"
        raise InputError([Problem(str(path), f"<{root.tag}>", "<Law> with <LawBody>", fix)])
    return Law(
        number=_text(law.find("LawNum")),
        title=_text(body.find("LawTitle")),
        revision=_find_revision(root, Path(path)),
        provisions=tuple(_list_provisions(body)),
        **_read_identity(law),
    )


def check_identity(law: Law, address: str | None) -> tuple[Problem, ...]:
    """Check that a law is the one at an address of the law search, as far as both tell.

    Parameters
    ----------
    address : e.g. `https://laws.e-gov.go.jp/law/504AC0000000043`; None = nothing to compare.
    """
    found = LAW_ID.search(address or "")
    if found is None:
        return ()
    wanted, told = found.group(), (law.revision or "")[: len(found.group())]
    same = told == wanted if told else _may_be(law, wanted)
    if same:
        return ()
    fix = "load the file of that law, or name the source of this one"
    name = f"{law.title} ({law.number})"
    return (Problem(law.title, name, f"the law {wanted} of the source", fix),)


def _may_be(law: Law, wanted: str) -> bool:
    if law.start is None or law.serial is None:
        return True
    return wanted.startswith(law.start) and wanted.endswith(law.serial)


def check_citations(law: Law, places: dict[str, str]) -> tuple[Problem, ...]:
    """Check that every provision that entries cite is in the law.

    Parameters
    ----------
    places : what is cited, e.g. `arts 52(3)`, by the id of the entry.
    """
    known = {each.id for each in law.provisions}
    return tuple(
        Problem(entry, f"{cited} ({place})", f"a provision of {law.title}", "correct the place")
        for entry, place in places.items()
        for cited in list_cited(place)
        if cited not in known
    )


def list_cited(place: str) -> tuple[str, ...]:
    """List the provisions that a place names; of a range its two ends.

    Examples
    --------
    >>> (
    ...     list_cited("arts 52(3)"),
    ...     list_cited("arts 6-48"),
    ...     list_cited("supplementary provisions art. 4"),
    ... )
    (('art. 52(3)',), ('art. 6', 'art. 48'), ('suppl. art. 4',))
    """
    before = "suppl. " if "supplementary" in place else ""
    cited: list[str] = []
    for article, paragraph, item in CITED.findall(place.replace("art. ", "art ")):
        first, _, last = article.partition("-")
        tail = (f"({paragraph})" if paragraph else "") + (f"({item})" if item else "")
        cited += [f"{before}art. {number}{tail}" for number in (first, last) if number]
    return tuple(dict.fromkeys(cited))


def write_roman(number: int) -> str:
    """Write a number as items are cited.

    Examples
    --------
    >>> write_roman(11), write_roman(4)
    ('xi', 'iv')
    """
    text = ""
    for value, letters in ROMAN:
        while number >= value:
            text += letters
            number -= value
    return text


def _read_identity(law: Element) -> dict[str, str | None]:
    """Read how the id of a law begins and ends: `504AC` and `0000043` of Act 43 of Reiwa 4."""
    era, kind = ERAS.get(law.get("Era", "")), KINDS.get(law.get("LawType", ""))
    year, number = law.get("Year", ""), law.get("Num", "")
    if era is None or kind is None or not year.isdigit() or not number.isdigit():
        return {"start": None, "serial": None}
    return {"start": f"{era}{int(year):02}{kind}", "serial": f"{int(number):07}"}


def _list_provisions(body: Element) -> Iterator[Provision]:
    for part in body:
        if part.tag == "MainProvision":
            yield from _list_articles(part, "", None)
        elif part.tag == "SupplProvision":
            yield from _list_articles(part, "suppl. ", part.get("AmendLawNum"))


def _list_articles(part: Element, before: str, amending: str | None) -> Iterator[Provision]:
    for article in part.iter("Article"):
        number = (article.get("Num") or "?").replace("_", "-")
        caption = _text(article.find("ArticleCaption")) or None
        title = _text(article.find("ArticleTitle"))
        paragraphs = article.findall("Paragraph")
        name = f"{before}art. {number}"
        whole = "\n".join(_read_sentences(p, "ParagraphSentence") for p in paragraphs)
        yield Provision(name, title, caption, whole, amending)
        for paragraph in paragraphs:
            yield from _list_paragraph(paragraph, name, title, amending)


def _list_paragraph(
    paragraph: Element, article: str, title: str, amending: str | None
) -> Iterator[Provision]:
    name = f"{article}({paragraph.get('Num')})"
    text = _read_sentences(paragraph, "ParagraphSentence")
    yield Provision(name, title + _text(paragraph.find("ParagraphNum")), None, text, amending)
    for item in paragraph.findall("Item"):
        number = item.get("Num") or ""
        told = write_roman(int(number)) if number.isdigit() else number.replace("_", "-")
        said = _read_sentences(item, "ItemSentence")
        yield Provision(
            f"{name}({told})", title + _text(item.find("ItemTitle")), None, said, amending
        )


def _read_sentences(parent: Element, tag: str) -> str:
    return "".join(_text(found) for found in parent.findall(tag))


def _text(element: Element | None) -> str:
    return "" if element is None else "".join(element.itertext()).strip()


def _find_revision(root: Element, path: Path) -> str | None:
    told = root.find(".//law_revision_id")
    if told is not None and told.text:
        return told.text.strip()
    found = REVISION.search(path.stem)
    return found.group() if found else None
