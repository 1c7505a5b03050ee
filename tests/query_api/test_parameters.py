from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from query_api.parameters import FILTERS
from schemas import VideoDetails, utc_now
from tests.query_api.service import Service, problem
from tests.video_index.contract import a_video, fill

DATES = ("published_after", "published_before")
relaxed = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def refused(service: Service, path: str, parameter: str, **parameters: str) -> str:
    body = problem(service.client.get(path, params=parameters), 422, parameter)
    return str(body["errors"][0]["accepted"])


@pytest.mark.parametrize("path", ["/get", "/search"])
@pytest.mark.parametrize(
    "value", ["0", "51", "-1", "", " ", "five", "5.0", "5e0", "+5", "٥", "1_0", "0x5", "9" * 5_000, "5\x00", "null"]
)
def test_limit_is_a_whole_number_from_1_to_50(library: Service, path: str, value: str) -> None:
    assert refused(library, path, "limit", limit=value) == "a whole number from 1 to 50"


@pytest.mark.parametrize("value", ["0", "-1", "", "one", "1.5", "2000001", "99999999999999999999"])
def test_page_is_a_whole_number_from_1(library: Service, value: str) -> None:
    assert refused(library, "/get", "page", page=value) == "a whole number from 1 to 2000000"


def test_how_far_pages_reach_depends_on_their_length(library: Service) -> None:
    assert refused(library, "/get", "page", page="200001", limit="50") == "a whole number from 1 to 200000"


@pytest.mark.parametrize("name", DATES)
@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "2023-02-29",
        "2023-13-01",
        "2023-01-03T25:00:00Z",
        "2023-01-03T04:24:60Z",
        "2023-01-03T04:24:53+24:00",
        "2023-01-03T04:24:53 ",
        "2023-01-03x04:24:53Z",
        "2023-01-03T04:24:53ZZ",
        "2023-01-03\n04:24:53",
        "2023-01-03\x0004:24:53",
        "２０２３-01-03",
        "1672719893",
        "2023",
        "0000-01-01",
        "10000-01-01",
        "-2023-01-01",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2023-01-03T04:24:53." + "0" * 1_000 + "Z",
        "'; DROP TABLE record; --",
    ],
)
def test_what_is_no_date_is_refused(library: Service, name: str, value: str) -> None:
    assert "2026-11-24T04:24:53Z" in refused(library, "/get", name, **{name: value})


@pytest.mark.parametrize(
    ("after", "before", "expected"),
    [
        pytest.param("2026-03-01T12:03:00Z", "2026-03-01T12:05:00Z", [5, 4, 3], id="as in the issue"),
        pytest.param("2026-03-01T12:03:00", "2026-03-01T12:05:00", [5, 4, 3], id="UTC without an offset"),
        pytest.param("2026-03-01 12:03", "2026-03-01 12:05", [5, 4, 3], id="a space instead of T"),
        pytest.param("2026-03-01t12:03:00z", "2026-03-01t12:05:00z", [5, 4, 3], id="lower case"),
        pytest.param("20260301T120300Z", "20260301T120500Z", [5, 4, 3], id="the basic format"),
        pytest.param("2026-03-01T13:03:00+01:00", "2026-03-01T07:05:00-05:00", [5, 4, 3], id="offsets"),
        pytest.param("2026-03-01T13:03:00 01:00", "2026-03-01T13:05:00 0100", [5, 4, 3], id="a plus read as space"),
        pytest.param("2026-03-01 13:03:00 01:00", "2026-03-01T12:05:00Z", [5, 4, 3], id="two spaces"),
        pytest.param("2026-03-01T12:02:59.5Z", "2026-03-01T12:05:00.9Z", [5, 4, 3], id="fractions of a second"),
        pytest.param("2026-03-01T12:03:00.0Z", "2026-03-01T12:04:59,9Z", [4, 3], id="fractions that exclude"),
        pytest.param("2026-03-01T13:37", "2026-03-01", [99, 98, 97], id="a plain date ends with its day"),
        pytest.param("2026-03-01T13:37", "20260301", [99, 98, 97], id="in the basic format too"),
        pytest.param("2026-03-01T13:37", "2026-W09-7", [99, 98, 97], id="and as a week date"),
        pytest.param("2026-03-02", "2026-03-03", [], id="a plain date begins with its day"),
        pytest.param("2026-03-01T13:37", "9999-12-31", [99, 98, 97], id="the last day there is"),
        pytest.param("0001-01-01", "1969-12-31", [], id="long before there were videos"),
        pytest.param("2026-03-01T12:03:00Z", "2026-03-01T12:03:00Z", [3], id="one second"),
    ],
)
def test_dates_are_iso_8601(library: Service, after: str, before: str, expected: list[int]) -> None:
    page = library.newest(published_after=after, published_before=before)

    assert [item["title"] for item in page["items"]] == [f"Number {number}" for number in expected]


def test_the_example_of_the_issue_is_answered(library: Service) -> None:
    example = "page=5&limit=10&published_after=2023-01-03T04:24:53Z&published_before=2023-01-03T05:19:52Z"

    page = library.client.get(f"/get?{example}").json()

    assert page["items"] == []
    assert (page["page"], page["limit"], page["total"]) == (5, 10, {"value": 0, "relation": "eq"})


@pytest.mark.parametrize("path", ["/get", "/search"])
def test_a_range_that_ends_before_it_begins_is_refused(library: Service, path: str) -> None:
    accepted = refused(
        library, path, "published_after", published_after="2023-01-03", published_before="2023-01-02T23:59:59Z"
    )

    assert "published_before" in accepted


@pytest.mark.parametrize(
    ("q", "reason"),
    [
        ('"open', "not closed"),
        ('cat "dog" "', "not closed"),
        ("“open", "not closed"),
        ("x" * 501, "501 characters"),
        ("x" * 10_000, "10000 characters"),
        (" ".join(["x"] * 51), "51 words"),
        ("a\x00b", "U+0000"),
        ("a\nb", "U+000A"),
        ("a\x1b[31mb", "U+001B"),
        ("a\x85b", "U+0085"),
        ("...", "no word"),
        ('""', "no word"),
        ("-", "no word"),
    ],
)
def test_what_cannot_be_searched_for_is_refused(library: Service, q: str, reason: str) -> None:
    body = problem(library.client.get("/search", params={"q": q}), 422, "q")

    assert reason in body["detail"]


@pytest.mark.parametrize(
    "q", ["title:x", "(a OR b)", "a* AND b?", "/re.*/", "a~2^3", "[1 TO 2]", "\\", "{!}", "a && b || !c", "<a>", "%"]
)
def test_the_syntax_of_engines_is_text(library: Service, q: str) -> None:
    answer = library.client.get("/search", params={"q": q})

    assert answer.status_code in (200, 422)
    if answer.status_code == 422:
        assert "no word" in problem(answer, 422, "q")["detail"]


def test_an_empty_q_asks_for_everything(library: Service) -> None:
    assert library.search(q="")["total"]["value"] == 100
    assert library.search(q="  ")["total"]["value"] == 100


@pytest.mark.parametrize("value", ["best", "", "NEWEST", "newest,oldest"])
def test_an_unknown_order_is_refused(library: Service, value: str) -> None:
    assert refused(library, "/search", "sort", sort=value) == "relevance, newest, oldest, views"


@pytest.mark.parametrize("name", ["subject", "channel"])
@pytest.mark.parametrize("value", ["x" * 201, "a\x00b", "a\nb"])
def test_an_id_is_printable_and_short(library: Service, name: str, value: str) -> None:
    refused(library, "/search", name, **{name: value})


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/get", "q"),
        ("/get", "Limit"),
        ("/get", "limit[]"),
        ("/search", "published_since"),
        ("/search", ""),
        ("/videos/video-01", "x"),
        ("/subjects", "limit"),
        ("/healthz", "x"),
        ("/readyz", "x"),
    ],
)
def test_an_unknown_parameter_is_named_with_those_there_are(library: Service, path: str, name: str) -> None:
    body = problem(library.client.get(path, params={name: "1"}), 422)

    assert body["errors"][0]["parameter"] == name
    assert body["errors"][0]["accepted"]


@pytest.mark.parametrize("query", ["limit=5&limit=6", "page=1&page=1", "q=a&q=b"])
def test_a_parameter_given_twice_is_refused(library: Service, query: str) -> None:
    body = problem(library.client.get(f"/search?{query}"), 422, query.partition("=")[0])

    assert "twice" in body["detail"]


@pytest.mark.parametrize(("query", "name"), [("q=%FF", "q"), ("limit=5&q=%C3%28", "q"), ("q=%ED%A0%80", "q")])
def test_text_that_is_not_utf8_is_refused(library: Service, query: str, name: str) -> None:
    problem(library.client.get(f"/search?{query}"), 400, name)


@pytest.mark.parametrize(
    ("after", "expected"),
    [("now", 0), ("now-80m", 1), ("now-7200s", 1), ("NOW-2H", 1), ("now-1d", 2), ("now-4w", 2), ("now-201D", 3)],
)
def test_times_before_now(service: Service, after: str, expected: int) -> None:
    ages = (timedelta(hours=1, minutes=15), timedelta(hours=20), timedelta(days=200))
    fill(service.index, [a_video(f"v{age.days}-{age.seconds}", published_at=utc_now() - age) for age in ages])

    assert service.search(published_after=after)["total"]["value"] == expected
    assert service.search(published_before=after)["total"]["value"] == 3 - expected
    assert service.newest(published_after=after)["total"]["value"] == expected


@pytest.mark.parametrize("value", ["now-", "now-7", "now+7d", "now-7y", "now-1.5d", "now - 7d", "now-999999999w"])
def test_what_is_no_time_before_now_is_refused(library: Service, value: str) -> None:
    assert "now-7d" in refused(library, "/search", "published_after", published_after=value)


@pytest.mark.parametrize(
    ("least", "most", "expected"),
    [
        ("60", "3600", {"v60", "v61", "v3600"}),
        ("PT1M", "PT1M1S", {"v60", "v61"}),
        ("pt1h", "P1D", {"v3600"}),
        ("0", "PT0S", {"v0"}),
        ("P1W", "2147483647", set()),
    ],
)
def test_lengths_are_seconds_or_iso_8601(service: Service, least: str, most: str, expected: set[str]) -> None:
    fill(
        service.index,
        [a_video(f"v{each}", details=VideoDetails(duration_s=each)) for each in (0, 60, 61, 3600)] + [a_video("v")],
    )

    page = service.search(min_duration=least, max_duration=most)

    assert {item["video_id"] for item in page["items"]} == expected


@pytest.mark.parametrize("name", ["min_duration", "max_duration"])
@pytest.mark.parametrize(
    "value",
    [
        "",
        "-5",
        "1.5",
        "five",
        "5m",
        "P",
        "PT",
        "PT5",
        "P1Y",
        "P1M",
        "2147483648",
        "PT1.5S",
        "PT5M5M",
        "PT5M1H",
        "9" * 60,
        "٥",
    ],
)
def test_what_is_no_length_is_refused(library: Service, name: str, value: str) -> None:
    assert "PT5M" in refused(library, "/search", name, **{name: value})


def test_lengths_that_end_before_they_begin_are_refused(library: Service) -> None:
    accepted = refused(library, "/search", "min_duration", min_duration="PT1M1S", max_duration="60")

    assert "max_duration" in accepted


@pytest.mark.parametrize("path", ["/search", "/stats/timeline", "/stats/channels"])
def test_live_is_one_of_three(library: Service, path: str) -> None:
    assert refused(library, path, "live", live="yes") == "none, live, upcoming"


@pytest.mark.parametrize("value", ["", "days,", "subject", "days, channels", "DAYS"])
def test_unknown_facets_are_refused(library: Service, value: str) -> None:
    assert "subjects, channels, days" in refused(library, "/search", "facets", facets=value)


NAMES = [*FILTERS, "sort", "page", "limit", "cursor", "facets"]


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=60), min_size=1, max_size=3))
@relaxed
def test_whatever_text_is_given_the_answer_is_a_page_or_names_the_parameter(
    library: Service, parameters: Mapping[str, str]
) -> None:
    answer = library.client.get("/search", params=parameters)

    if answer.status_code != 200:
        [error] = problem(answer, 422)["errors"]
        assert error["parameter"] in parameters
        assert error["accepted"]


@given(
    st.sampled_from(DATES),
    st.datetimes().map(lambda moment: moment.isoformat()) | st.from_regex(r"[0-9W]{1,4}-[0-9]{2}[T 0-9:.Z+-]{0,20}"),
)
@relaxed
def test_whatever_date_is_given_the_answer_is_a_page_or_names_it(library: Service, name: str, date: str) -> None:
    answer = library.client.get("/get", params={name: date})

    if answer.status_code != 200:
        problem(answer, 422, name)


@given(st.integers() | st.integers(1, 2_000_000), st.integers(-1, 60))
@relaxed
def test_whatever_page_is_asked_for_the_answer_is_a_page_or_names_it(library: Service, page: int, limit: int) -> None:
    answer = library.client.get("/get", params={"page": page, "limit": limit})

    if answer.status_code != 200:
        [error] = problem(answer, 422)["errors"]
        assert error["parameter"] in ("page", "limit")


@given(st.binary(max_size=40), st.binary(max_size=40))
@relaxed
def test_whatever_bytes_are_in_the_address_the_answer_is_no_defect(
    library: Service, name: bytes, value: bytes
) -> None:
    answer = library.client.get(f"/search?{quote_from_bytes(name)}={quote_from_bytes(value)}")

    if answer.status_code != 200:
        assert answer.status_code in (400, 422)
        problem(answer, answer.status_code)


@given(st.text(max_size=40))
@relaxed
def test_whatever_id_is_asked_for_the_answer_is_no_defect(library: Service, video_id: str) -> None:
    answer = library.client.get(f"/videos/{quote_from_bytes(video_id.encode(), safe='')}")

    if answer.status_code != 200:
        assert answer.status_code == 404
        problem(answer, 404)
