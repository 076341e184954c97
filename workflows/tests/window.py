#!/usr/bin/env python3
"""Writes window.json: when windows open and close, found by reading a clock minute by minute.

Usage: python3 -m venv /tmp/oracle && /tmp/oracle/bin/pip install tzdata
       PYTHONTZPATH= /tmp/oracle/bin/python workflows/tests/window.py > workflows/tests/window.json

A window opens at the last minute at which a local clock shows its opening time, or when the clock skips
that time, with the minute after the last one that is before it. It closes with the first minute that
the clock shows to be at its closing time or after.
"""

import json
import random
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import TZPATH, ZoneInfo

import tzdata

assert not TZPATH, "set PYTHONTZPATH to nothing, so that the zones come from the package"

ZONES = """
Africa/Cairo Africa/Casablanca Africa/El_Aaiun Africa/Johannesburg America/Adak America/Anchorage
America/Argentina/Buenos_Aires America/Asuncion America/Boise America/Caracas America/Chicago
America/Ciudad_Juarez America/Denver America/Edmonton America/Godthab America/Halifax America/Havana
America/Los_Angeles America/Mexico_City America/New_York America/Nuuk America/Phoenix America/Regina
America/Santiago America/Sao_Paulo America/St_Johns America/Tijuana America/Toronto America/Vancouver
America/Winnipeg Antarctica/Troll Asia/Amman Asia/Beirut Asia/Dubai Asia/Gaza Asia/Hong_Kong Asia/Jerusalem
Asia/Karachi Asia/Kathmandu Asia/Kolkata Asia/Manila Asia/Tehran Asia/Tokyo Atlantic/Azores
Australia/Adelaide Australia/Eucla Australia/Lord_Howe Australia/Sydney Europe/Berlin Europe/Chisinau
Europe/Dublin Europe/Istanbul Europe/London Europe/Moscow Pacific/Apia Pacific/Auckland Pacific/Chatham
Pacific/Easter Pacific/Honolulu Pacific/Kiritimati Pacific/Marquesas Pacific/Norfolk UTC
""".split()
MINUTE = timedelta(minutes=1)


def wall(instant, zone):
    return instant.astimezone(zone).replace(tzinfo=None)


def minutes_around(day):
    start = datetime.combine(day, time(), timezone.utc) - timedelta(hours=30)
    return [start + MINUTE * n for n in range(84 * 60)]


def changes(zone):
    """Days in 2026 and 2027 on which the clocks change, as (day before, day after) local readings."""
    instant = datetime(2026, 1, 1, tzinfo=timezone.utc)
    while instant.year < 2028:
        before, after = wall(instant, zone), wall(instant + 15 * MINUTE, zone)
        if after - before != 15 * MINUTE:
            while wall(instant + MINUTE, zone) - wall(instant, zone) == MINUTE:
                instant += MINUTE
            yield wall(instant, zone) + MINUTE, wall(instant + MINUTE, zone)
        instant += 15 * MINUTE


def stamp(instant):
    return instant.strftime("%Y-%m-%dT%H:%MZ")


def row(zone, day, opens, closes):
    first = datetime.combine(day, opens)
    last = datetime.combine(day + timedelta(days=opens > closes), closes)
    shown = [(instant, wall(instant, zone)) for instant in minutes_around(day)]
    start = max(instant + MINUTE * (clock < first) for instant, clock in shown if clock <= first)
    end = min(instant for instant, clock in shown if clock >= last)
    span = [stamp(start), stamp(end)] if start < end else [None, None]
    return [str(day), opens.strftime("%H:%M"), closes.strftime("%H:%M"), *span]


def rows(name):
    zone, chance = ZoneInfo(name), random.Random(name)
    for old, new in changes(zone):
        low, high = min(old, new), max(old, new)
        inside = (low + (high - low) / 2).replace(second=0)
        early = inside - timedelta(hours=8)
        yield row(zone, old.date(), time(9), time(17))
        yield row(zone, inside.date(), inside.time(), (inside + timedelta(hours=8)).time())
        yield row(zone, early.date(), early.time(), inside.time())
        yield row(zone, low.date(), low.time(), high.time())
        closes = inside.time() if inside.hour < 21 else time(4)
        yield row(zone, inside.date() - timedelta(days=1), time(21), closes)
    for _ in range(4):
        day = date(2026, 1, 1) + timedelta(days=chance.randrange(730))
        opens, closes = chance.sample(range(0, 24 * 60, 5), 2)
        yield row(zone, day, time(9), time(17))
        yield row(zone, day, time(*divmod(opens, 60)), time(*divmod(closes, 60)))


def main():
    print("{")
    print(f' "source": "Python zoneinfo with tzdata {tzdata.__version__}, IANA {tzdata.IANA_VERSION}",')
    print(' "columns": ["date", "opens", "closes", "opens at", "closes at"],')
    print(' "zones": {')
    for index, name in enumerate(ZONES):
        lines = ",\n".join("   " + json.dumps(row) for row in rows(name))
        print(f'  "{name}": [\n{lines}\n  ]' + ("," if index + 1 < len(ZONES) else ""))
    print(" }\n}")


if __name__ == "__main__":
    main()
