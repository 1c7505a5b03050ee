import html
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producer.redaction import without_secret

SECRET = "AKey_of-39.characters~that+are/special"


def percent(text: str) -> str:
    return "".join(f"%{ord(c):02x}" for c in text)


def unicode(text: str) -> str:
    return "".join(f"\\u{ord(c):04X}" for c in text)


def entities(text: str) -> str:
    return "".join(f"&#x{ord(c):X};" for c in text)


@pytest.mark.parametrize(
    "spelled",
    [
        SECRET,
        quote(SECRET, safe=""),
        percent(SECRET),
        quote(percent(SECRET)),
        unicode(SECRET),
        json.dumps(unicode(SECRET))[1:-1],
        unicode("%") + unicode("%").join(percent(SECRET).split("%")[1:]),
        entities(SECRET),
        html.escape(entities(SECRET)),
        entities(SECRET).replace("&", "\\u0026"),
        SECRET[:10] + percent(SECRET[10:20]) + unicode(SECRET[20:]),
    ],
)
def test_a_secret_is_taken_out_however_it_is_spelled(spelled):
    assert without_secret(f'{{"message": "key {spelled} is bad"}}'.encode(), SECRET) == (
        b'{"message": "key [key] is bad"}'
    )


def test_it_is_taken_out_wherever_it_stands():
    assert without_secret(f"{SECRET}{SECRET} {SECRET}".encode(), SECRET) == b"[key][key] [key]"


@given(st.binary())
def test_what_does_not_hold_it_stays_as_it_is(body):
    assert without_secret(body, SECRET) == body


@pytest.mark.parametrize("near", [SECRET.lower(), SECRET[:-1], SECRET[1:], SECRET.replace(".", "x")])
def test_what_only_looks_like_it_stays(near):
    assert without_secret(near.encode(), SECRET) == near.encode()
