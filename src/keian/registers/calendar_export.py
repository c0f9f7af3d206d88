"""What falls due as a calendar that any calendar program reads (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from icalendar import Calendar, Event

from keian.registers.due import Due

PRODUCT = "-//keian//registers//EN"


def write_calendar(due: Sequence[Due], today: date) -> bytes:
    """Write due days as whole-day events of one calendar.

    Parameters
    ----------
    due : what falls due.
    today : day of writing; the same input gives the same bytes.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    seen: dict[str, int] = {}
    for each in due:
        name = f"{each.entry.id}-{each.kind}-{each.on.isoformat()}"
        seen[name] = seen.get(name, 0) + 1
        event = Event()
        event.add("uid", f"{name}-{seen[name]}@keian")
        event.add("dtstamp", datetime.combine(today, time(), tzinfo=UTC))
        event.add("dtstart", each.on)
        event.add("summary", f"{each.entry.names.en}: {each.what.en}")
        reading = each.reading.en if each.reading else None
        details = [each.entry.names.ja, reading, each.owner, f"keian {each.entry.id}"]
        event.add("description", "\n".join(line for line in details if line))
        event.add("categories", [each.kind])
        calendar.add_component(event)
    return bytes(calendar.to_ical())
