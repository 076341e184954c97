#!/usr/bin/env python3
"""Writes normalisation.tsv: 5,000 texts from 60 countries, and what the package phonenumbers says of each.

Usage: python3 -m venv /tmp/phones && /tmp/phones/bin/pip install phonenumbers
       /tmp/phones/bin/python workflows/tests/normalisation.py > workflows/tests/normalisation.tsv

The numbers are the package's own examples, written in several ways and spoilt in others, some with other last
digits. They are only read, never dialed.
"""

import random
from importlib import metadata

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

COUNTRIES = """US CA MX BR AR CL CO PE EC DO PR JM GB IE FR DE ES PT IT CH AT BE NL LU DK SE NO FI IS PL CZ SK HU RO BG
GR HR RS UA RU TR IL SA AE EG MA DZ NG KE ZA IN PK BD LK CN JP KR TW AU NZ""".split()
COUNT = 5000
FORMATS = [PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL]


def examples(country):
    found = [phonenumbers.example_number_for_type(country, kind) for kind in PhoneNumberType.values()]
    return [number for number in found if number is not None]


def texts(country, chance):
    """Endlessly, ways to write numbers of a country, right and wrong."""
    numbers = examples(country)
    while True:
        number = chance.choice(numbers)
        text = phonenumbers.format_number(number, chance.choice(FORMATS))
        spoilt = chance.random()
        if spoilt < 0.35:
            digits = chance.randint(1, 4)
            text = text[:-digits] + "".join(chance.choice("0123456789") for _ in range(digits))
        elif spoilt < 0.45:
            text = text[: -chance.randint(1, 5)]
        elif spoilt < 0.55:
            text += "".join(chance.choice("0123456789") for _ in range(chance.randint(1, 3)))
        elif spoilt < 0.65:
            text = text.replace(" ", chance.choice(["", ".", "-", "  "]))
        yield text


def says(text, country):
    """The number in E.164 form and its region, or nothing of a text that is no valid number."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return "", ""
    if not phonenumbers.is_valid_number(number):
        return "", ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164), phonenumbers.region_code_for_number(number)


def main():
    assert len(COUNTRIES) == 60
    chance = random.Random(20261127)
    print(f"# phonenumbers {metadata.version('phonenumbers')}: text, country, E.164, region; made by normalisation.py")
    streams = {country: texts(country, chance) for country in COUNTRIES}
    seen = set()
    while len(seen) < COUNT:
        country = COUNTRIES[len(seen) % len(COUNTRIES)]
        text = next(streams[country])
        if (text, country) in seen or not text.strip():
            continue
        seen.add((text, country))
        print("\t".join([text, country, *says(text, country)]))


main()
