"""The clearance label as a page carries it: banner text, colours, margin boxes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from keian.core import Label, load_levels
from keian.report.page import say_date
from keian.report.setting import Setting
from keian.report.svg import measure
from keian.report.words import Words

_PT_TO_MM = 0.3528
_LABEL_PT = 12.0
_PAD_MM = 7.0
_FOOT_COLOUR = "#4b535c"  # margin boxes know no variables: the colour of small text on paper
_PLAIN = re.compile(r"[A-Za-z0-9 ]")
_COLOUR = re.compile(r"^#[0-9a-fA-F]{6}$")


@dataclass(frozen=True, slots=True)
class PageLabel:
    """Label of a review in the words and colours of its level."""

    level: str
    text: str
    colour: str
    paper: str
    foot_colour: str
    css_text: str
    css_foot: str
    width_mm: str


def build_page_label(setting: Setting) -> PageLabel:
    """Label of the review for banner and margin boxes."""
    foot = setting.say(
        "page.foot",
        economy=setting.name(setting.review.economy),
        date=say_date(setting, setting.review.as_of),
    )
    return set_page_label(setting.review.label, setting.words, foot)


def set_page_label(label: Label, words: Words, foot: str) -> PageLabel:
    """Set a label for banner and margin boxes, with the words at the foot of each page."""
    level = load_levels()[label.level]
    shown = str(label)
    return PageLabel(
        level=shown,
        text=words.name(level.text),
        colour=_check_colour(level.foreground),
        paper=_check_colour(level.background),
        foot_colour=_FOOT_COLOUR,
        css_text=escape_css(shown),
        css_foot=escape_css(foot),
        width_mm=f"{measure(shown, _LABEL_PT, bold=True) * _PT_TO_MM + _PAD_MM:.0f}",
    )


def _check_colour(colour: str) -> str:
    """Let only a plain colour into the style sheet."""
    return colour if _COLOUR.match(colour) else _FOOT_COLOUR


def escape_css(words: str) -> str:
    """A text as the inside of a CSS string: only letters, digits and spaces stay as they are."""
    return "".join(ch if _PLAIN.match(ch) else f"\\{ord(ch):x} " for ch in words)
