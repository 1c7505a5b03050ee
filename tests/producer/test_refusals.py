import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producer.errors import (
    BurstError,
    DayQuotaError,
    KeyRefusedError,
    PageTokenError,
    RequestRefusedError,
    SearchError,
    UnavailableError,
)
from producer.refusals import refusal
from tests.producer import youtube_errors
from tests.producer.youtube_errors import error, quota_detail


def meaning(answer) -> SearchError:
    return refusal(answer.status_code, answer.content)


@pytest.mark.parametrize(
    "answer",
    [
        youtube_errors.day_quota(),
        error(403, "The request cannot be completed", reason="quotaExceeded", domain="youtube.quota"),
        error(403, "Daily Limit Exceeded", reason="dailyLimitExceeded", domain="usageLimits"),
        error(429, "Resource exhausted", details=[quota_detail("1/d/{project}", "x")]),
        error(429, "Quota exceeded for limit 'Search Queries per day'", reason="rateLimitExceeded"),
    ],
)
def test_the_end_of_the_day_is_told_from_its_reason_its_limit_or_its_text(answer):
    assert type(meaning(answer)) is DayQuotaError


@pytest.mark.parametrize(
    "answer",
    [
        youtube_errors.burst(),
        error(403, "Rate Limit Exceeded", reason="rateLimitExceeded", domain="usageLimits"),
        error(403, "User Rate Limit Exceeded", reason="userRateLimitExceeded"),
        error(429, "Too many requests"),
        error(429, "x", reason="quotaExceeded", details=[quota_detail("1/min/{project}", "perMinute")]),
    ],
)
def test_a_limit_of_the_minute_is_a_burst(answer):
    assert type(meaning(answer)) is BurstError


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (youtube_errors.invalid_key(), "add another key"),
        (error(400, "Bad Request", reason="keyInvalid"), "add another key"),
        (error(400, "API key expired.", details=[{"reason": "API_KEY_EXPIRED"}]), "add another key"),
        (error(403, "Not enabled", reason="accessNotConfigured"), "enable YouTube Data API v3"),
        (error(403, "Not enabled", details=[{"reason": "SERVICE_DISABLED"}]), "enable YouTube Data API v3"),
        (error(403, "Blocked", reason="forbidden", details=[{"reason": "API_KEY_SERVICE_BLOCKED"}]), "allow YouTube"),
        (error(403, "Blocked", reason="forbidden"), "allow YouTube"),
        (error(403, "Suspended", details=[{"reason": "CONSUMER_SUSPENDED"}]), "add another key"),
        (error(403, "Something new", reason="somethingNew"), "add another key"),
        (error(401, "Unauthorized"), "add another key"),
    ],
)
def test_a_key_that_a_person_has_to_mend_is_refused_with_what_to_do(answer, hint):
    refused = meaning(answer)

    assert type(refused) is KeyRefusedError
    assert hint in str(refused)


@pytest.mark.parametrize(
    "answer",
    [
        youtube_errors.invalid_token(),
        error(400, "Bad", locationType="parameter", location="pageToken", reason="invalid"),
    ],
)
def test_a_bad_page_token_is_told_from_other_bad_parameters(answer):
    assert type(meaning(answer)) is PageTokenError


def test_a_bad_request_names_the_parameter():
    refused = meaning(youtube_errors.invalid_parameter("publishedAfter"))

    assert isinstance(refused, RequestRefusedError)
    assert refused.parameter == "publishedAfter"
    assert str(refused).startswith("parameter publishedAfter: HTTP 400: invalidParameter")


def test_a_bad_request_that_names_none_is_refused_all_the_same():
    refused = meaning(error(400, "Incompatible", reason="invalidSearchFilter"))

    assert isinstance(refused, RequestRefusedError)
    assert refused.parameter is None


@pytest.mark.parametrize(
    "answer",
    [
        youtube_errors.backend_error(),
        error(503, "Unavailable", reason="serviceUnavailable"),
        error(400, "Try again", reason="processingFailure"),
        error(403, "Try again", reason="backendError"),
        error(404, "Try again", reason="internalError"),
        error(409, "Conflict"),
    ],
)
def test_what_may_pass_is_unavailable_and_may_have_been_counted(answer):
    refused = meaning(answer)

    assert isinstance(refused, UnavailableError)
    assert refused.sent


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"error": "no"}', b"[" * 100_000, b"\xff"])
@pytest.mark.parametrize(("status", "asks"), [(302, True), (404, True), (429, True), (500, False), (204, False)])
def test_an_answer_that_does_not_describe_an_error_may_come_from_somebody_else(status, asks, body):
    refused = refusal(status, body)

    assert isinstance(refused, UnavailableError)
    assert ("YOUTUBE_API_URL" in str(refused)) == asks


def test_a_long_text_is_cut_and_kept_on_one_line():
    assert len(text := str(meaning(error(500, "many words\n" * 1000, reason="backendError")))) < 400
    assert "\n" not in text


json_values = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["error", "errors", "details", "reason", "message", "metadata", "quota_unit", "location"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.integers(100, 599), json_values)
def test_whatever_comes_there_is_an_error_for_it(status, body):
    assert isinstance(refusal(status, json.dumps({"error": body}).encode()), SearchError)


@pytest.mark.parametrize("reason", ["playlistItemsNotAccessible", "channelClosed", "videoNotFound"])
def test_what_may_not_be_seen_is_not_the_keys_fault(reason):
    answer = youtube_errors.error(403, "not accessible", reason=reason)

    assert type(refusal(403, answer.content)) is RequestRefusedError
