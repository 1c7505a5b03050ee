import pytest

from youtube_emulator.errors import OptionsError
from youtube_emulator.options import read_options
from youtube_emulator.quota import Limits
from youtube_emulator.times import parse_time


def test_defaults_are_those_of_youtube():
    options = read_options(["--port", "8080"])

    assert options.limits == Limits(searches_per_day=100, units_per_day=10_000, searches_per_minute=None)
    assert (options.host, options.result_cap, options.seed) == ("127.0.0.1", 500, 1)


def test_keys_may_share_a_project():
    options = read_options(["--port", "1", "--project", "a=k1,k2", "--project", "b=k3"])

    numbers = [options.projects.project_of(key).number for key in ("k1", "k2", "k3", "k4")]
    assert numbers[0] == numbers[1]
    assert len(set(numbers)) == 3


def test_times_are_read():
    options = read_options(["--port", "1", "--catalogue", "f", "--newest-at", "2026-03-01T12:00:00Z"])

    assert options.newest_at == parse_time("2026-03-01T12:00:00Z")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "--port is needed"),
        (["--port", "1", "--shift", "5"], "--shift needs --catalogue"),
        (["--port", "1", "--arriving", "5"], "--arriving needs --catalogue"),
        (["--port", "1", "--skip-bad-lines"], "--skip-bad-lines needs --catalogue"),
        (["--port", "1", "--catalogue", "f", "--made-up-every", "1"], "--made-up-every does not go with --catalogue"),
        (["--port", "1", "--catalogue", "f", "--arriving-every", "1"], "need --arriving"),
    ],
)
def test_options_that_do_not_go_together_are_refused(arguments: list[str], problem: str):
    with pytest.raises(OptionsError, match=problem):
        read_options(arguments)


@pytest.mark.parametrize(
    ("arguments", "accepted"),
    [
        (["--port", "65536"], "from 0 to 65535 is accepted"),
        (["--port", "1", "--error-rate", "1.5"], "a number from 0 to 1 is accepted"),
        (["--port", "1", "--error-rate", "nan"], "a number from 0 to 1 is accepted"),
        (["--port", "1", "--late-by", "0"], "above 0"),
        (["--port", "1", "--gone-rate", "2"], "a number from 0 to 1 is accepted"),
        (["--port", "1", "--clock-speed", "0"], "above 0"),
        (["--port", "1", "--clock-skew", "inf"], "of either sign"),
        (["--port", "1", "--clock-skew", "1", "--clock-from", "2026-03-01T12:00:00Z"], "not allowed with"),
        (["--port", "1", "--searches-per-day", "-1"], "from 0 on is accepted"),
        (["--port", "1", "--newest-at", "noon"], "such as 2026-01-31T12:00:00Z"),
        (["--port", "1", "--project", "secret"], "a name, `=` and keys"),
        (
            ["--port", "1", "--catalogue", "f", "--shift", "1", "--newest-at", "2026-03-01T12:00:00Z"],
            "not allowed with",
        ),
    ],
)
def test_values_that_are_not_accepted_are_refused(arguments, accepted, capsys):
    with pytest.raises(SystemExit) as exited:
        read_options(arguments)

    assert exited.value.code == 2
    said = capsys.readouterr().err
    assert accepted in said
    assert "secret" not in said


def test_help_tells_which_keys_are_refused(capsys):
    with pytest.raises(SystemExit):
        read_options(["--help"])

    said = capsys.readouterr().out
    assert "API_KEY_INVALID" in said
    assert "SERVICE_DISABLED" in said
    assert "API_KEY_SERVICE_BLOCKED" in said
