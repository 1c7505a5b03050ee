from datetime import timedelta

import pytest
from pydantic import ValidationError

from producer.polls import Pacing
from producer.quota import Limit, Limits
from producer.settings import ProducerSettings
from schemas import parse_utc, utc_now

NAMES = [name.upper() for name in ProducerSettings.model_fields]


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch, tmp_path):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def environment(monkeypatch):
    def settings(**values: str) -> ProducerSettings:
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return ProducerSettings()

    return settings


def complaint(error: pytest.ExceptionInfo[ValidationError]) -> str:
    [only] = error.value.errors(include_input=False, include_url=False)
    return only["msg"]


def test_with_nothing_set_it_searches_youtube_at_a_pace_chosen_from_the_quota(environment):
    settings = environment()

    assert settings.youtube_api_url == "https://www.googleapis.com/youtube/v3"
    assert (settings.youtube_api_keys, settings.subjects, settings.subjects_since) == ((), (), None)
    assert settings.pacing == Pacing(None, timedelta(hours=2))
    assert settings.limits == Limits(Limit(100, 1), Limit(10_000, 1))


def test_empty_values_count_as_not_set(environment):
    assert environment(**dict.fromkeys(NAMES, "")) == ProducerSettings()


def test_keys_are_separated_by_commas_and_each_counts_once(environment):
    settings = environment(YOUTUBE_API_KEYS=" first-key-1 ,second-key-2,, first-key-1,")

    assert [key.get_secret_value() for key in settings.youtube_api_keys] == ["first-key-1", "second-key-2"]


def test_no_key_is_shown(environment):
    assert "first-key-1" not in repr(environment(YOUTUBE_API_KEYS="first-key-1"))


def test_what_cannot_be_a_key_is_refused_without_repeating_it(environment):
    with pytest.raises(ValidationError) as refused:
        environment(YOUTUBE_API_KEYS="good-key-1,bad key!")

    assert "not a YouTube API key" in complaint(refused)
    assert "bad key!" not in str(refused.value)
    assert "good-key-1" not in str(refused.value)


def test_subjects_are_separated_by_semicolons_and_each_counts_once(environment):
    settings = environment(SUBJECTS="green  tea; cats | dogs -birds ;;GREEN tea;")

    assert [query.casefold() for query in settings.subjects] == ["green tea", "cats | dogs -birds"]


@pytest.mark.parametrize("subjects", ["x" * 201, "tea\x07"])
def test_what_cannot_be_a_subject_is_refused(environment, subjects):
    with pytest.raises(ValidationError, match=r"characters|control character"):
        environment(SUBJECTS=subjects)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31", "2026-01-31T00:00:00Z"),
        ("2026-01-31T10:00:00+02:00", "2026-01-31T08:00:00Z"),
        (" 2026-01-31T10:00 ", "2026-01-31T10:00:00Z"),
    ],
)
def test_since_is_an_iso_date_or_time(environment, text, moment):
    assert environment(SUBJECTS_SINCE=text).subjects_since == parse_utc(moment)


@pytest.mark.parametrize("text", ["yesterday", "31.01.2026", "0001-01-01T00:00:00+23:00", "7"])
def test_what_is_no_date_is_refused_with_an_example(environment, text):
    with pytest.raises(ValidationError, match="2026-01-31"):
        environment(SUBJECTS_SINCE=text)


def test_a_since_in_the_future_or_before_youtube_is_refused(environment):
    for moment in (utc_now() + timedelta(days=1), parse_utc("2004-12-31")):
        with pytest.raises(ValidationError, match=r"in the future: .* is accepted"):
            environment(SUBJECTS_SINCE=moment.isoformat())


def test_the_url_is_taken_without_its_last_slash(environment):
    assert environment(YOUTUBE_API_URL="http://127.0.0.1:8080/youtube/v3/").youtube_api_url == (
        "http://127.0.0.1:8080/youtube/v3"
    )


@pytest.mark.parametrize(
    "url",
    [
        "youtube.com",
        "ftp://host/youtube/v3",
        "http://",
        "http://user:password@host/youtube/v3",
        "http://host/youtube/v3?key=x",
        "http://host/youtube/v3#x",
        "http://host/you tube",
        "http://host:99999/youtube/v3",
        "http://host:0/youtube/v3",
        "http://host:port/youtube/v3",
        "http://[::1/youtube/v3",
    ],
)
def test_what_is_no_base_url_is_refused(environment, url):
    with pytest.raises(ValidationError):
        environment(YOUTUBE_API_URL=url)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POLL_INTERVAL", "0"),
        ("POLL_INTERVAL", "often"),
        ("POLL_INTERVAL", str(10**18)),
        ("POLL_OVERLAP", "-1"),
        ("POLL_OVERLAP", str(10**18)),
        ("SEARCHES_PER_DAY", "0"),
        ("SEARCH_COST", "0"),
    ],
)
def test_numbers_out_of_range_are_refused(environment, name, value):
    with pytest.raises(ValidationError):
        environment(**{name: value})


def test_a_search_that_costs_more_than_there_is_is_refused(environment):
    with pytest.raises(ValidationError, match="no search could ever be made"):
        environment(SEARCH_COST="101")


def test_the_quota_of_before_june_2026_can_be_set(environment):
    assert environment(SEARCHES_PER_DAY="10000", SEARCH_COST="100").limits.searches.calls == 100


def test_an_interval_is_taken_as_it_is(environment):
    assert environment(POLL_INTERVAL="60", POLL_OVERLAP="0").pacing == Pacing(timedelta(minutes=1), timedelta())


def test_every_setting_says_what_it_is_for():
    assert all(field.description for field in ProducerSettings.model_fields.values())
