"""The search for keys finds them in any form, or it would prove nothing."""

import base64
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from tests.pipeline.secrecy import written_forms

KEY = "AIzaSy_a-KeyThatNobodyMaySee"


def holds(content: bytes) -> bool:
    return any(form in content for form in written_forms(KEY))


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_a_key_is_seen_in_plain_text_and_in_any_base64(before: bytes, after: bytes):
    content = before + KEY.encode() + after

    assert holds(content)
    assert holds(content.hex().encode())
    assert holds(base64.b64encode(content))
    assert holds(base64.urlsafe_b64encode(content))


def test_a_key_is_seen_in_an_address():
    assert holds(f"search?key={quote(KEY)}&q=tea".encode())
    assert holds("".join(f"%{byte:02x}" for byte in KEY.encode()).encode())


def test_nothing_is_seen_where_no_key_is():
    assert not holds(b"AIzaSy_a-KeyThatNobody MaySee" + base64.b64encode(KEY[1:-1].encode()))
