import orjson
import pytest

from query_api import cursor
from query_api.cursor import Cursor, CursorError, read_cursor
from schemas import parse_utc

GIVEN = {"q": "tea"}
BEGAN = parse_utc("2026-03-01T00:00:00Z")


def forged(body: object) -> str:
    """A cursor with the right check, which is no secret."""
    encoded = body if isinstance(body, bytes) else orjson.dumps(body)
    return cursor.urlsafe_b64encode(cursor._check(encoded) + encoded).rstrip(b"=").decode()


def test_a_cursor_is_read_as_it_was_written_with_another_limit_too():
    written = Cursor(BEGAN, (3, -7))

    assert read_cursor(written.text(GIVEN), {**GIVEN, "limit": "20"}) == written


def test_one_of_another_search_is_refused():
    with pytest.raises(CursorError, match="another search"):
        read_cursor(Cursor(BEGAN, (3,)).text(GIVEN), {"q": "jam"})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not JSON",
        b"\xff",
        5,
        {},
        [0],
        ["x", "S", 1],
        [10**18, "S", 1],
        [-1, "S", 1],
        [0, "S"],
        [0, "S", "a"],
        [0, "S", None],
        [0, "S", True],
        [0, "S", [1]],
        [0, "S", 2**63],
        [0, "S", 1, 2, 3, 4],
    ],
)
def test_one_that_somebody_made_up_is_refused(body):
    search = cursor._search(GIVEN)
    if isinstance(body, list):
        body = [search if each == "S" else each for each in body]

    with pytest.raises(CursorError, match="not a cursor"):
        read_cursor(forged(body), GIVEN)
