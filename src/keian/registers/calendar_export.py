"""What falls due as a calendar that any calendar program reads (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Literal

from icalendar import Calendar, Event

from keian.core import Names, tell_text
from keian.registers.bodies import tell_bodies
from keian.registers.due import Due

Lang = Literal["en", "ja"]
MANY = 3  # confirmations of one day that still are events of their own
TOGETHER = Names(en="Registers: confirm {count} entries again", ja="台帳：{count}件の再確認")
UNKNOWN = Names(en="result since: {said}", ja="その後の結果：{said}")


def write_calendar(due: Sequence[Due], today: date, lang: Lang = "en") -> bytes:
    """Write due days as whole-day events of one calendar.

    The confirmations that fall due on one day are one event, with their ids in its description.

    Parameters
    ----------
    due : what falls due.
    today : day of writing; the same input gives the same bytes.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//keian//registers//{lang.upper()}")
    calendar.add("version", "2.0")
    seen: dict[str, int] = {}
    for group in _group(due):
        first = group[0]
        who = first.entry.id if len(group) == 1 else "registers"
        name = f"{who}-{first.kind}-{first.on.isoformat()}"
        seen[name] = seen.get(name, 0) + 1
        event = Event()
        event.add("uid", f"{name}-{seen[name]}@keian")
        event.add("dtstamp", datetime.combine(today, time(), tzinfo=UTC))
        event.add("dtstart", first.on)
        event.add("summary", _tell_summary(group, lang))
        event.add("description", "\n".join(_list_details(group, lang)))
        event.add("categories", [first.kind])
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _group(due: Sequence[Due]) -> Iterator[Sequence[Due]]:
    """Give the events: many confirmations of one day together, all else by itself."""
    confirming: dict[date, list[Due]] = {}
    for each in due:
        if each.kind == "confirmation":
            confirming.setdefault(each.on, []).append(each)
    for each in due:
        together = confirming.get(each.on, []) if each.kind == "confirmation" else []
        if len(together) <= MANY:
            yield (each,)
        elif each is together[0]:
            yield together


def _tell_summary(group: Sequence[Due], lang: Lang) -> str:
    if len(group) > 1:
        return _choose(TOGETHER, lang).format(count=len(group))
    return f"{_choose(group[0].entry.names, lang)}: {_choose(group[0].what, lang)}"


def _list_details(group: Sequence[Due], lang: Lang) -> Iterator[str]:
    if len(group) > 1:
        yield ", ".join(each.entry.id for each in group)
        return
    each = group[0]
    yield _choose(each.entry.names, "ja" if lang == "en" else "en")
    if each.reading:
        yield _choose(each.reading, lang)
    if each.unknown:
        yield _choose(UNKNOWN, lang).format(said=tell_text(each.unknown, lang))
    if each.owner:
        yield tell_bodies(each.owner, lang)
    yield f"keian {each.entry.id}"


def _choose(names: Names, lang: Lang) -> str:
    return names.ja if lang == "ja" else names.en
