import logging

import pytest

from event_log import LogAccessError, LogUnavailableError
from key_vault import VaultError
from observability import event_logger
from schemas.settings import SettingsError
from starting import opening
from video_index import IndexAccessError, IndexUnavailableError

LOGS = event_logger("service")


@pytest.mark.parametrize(
    ("error", "code", "event"),
    [
        (SettingsError("x"), 2, "cannot_start"),
        (VaultError("x"), 2, "cannot_start"),
        (LogAccessError("x"), 2, "cannot_start"),
        (IndexAccessError("x"), 2, "cannot_start"),
        (LogUnavailableError("x"), 1, "cannot_start_now"),
        (IndexUnavailableError("x"), 1, "cannot_start_now"),
    ],
)
def test_what_cannot_be_opened_is_logged_and_ends_the_process(
    error: Exception, code: int, event: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(SystemExit) as end, opening(LOGS):
        raise error

    assert end.value.code == code
    assert [(record.getMessage(), record.fields["reason"]) for record in caplog.records] == [(event, error)]


def test_a_defect_is_no_reason_to_end_quietly() -> None:
    with pytest.raises(ZeroDivisionError), opening(LOGS):
        _ = 1 / 0


def test_what_was_opened_is_worked_with() -> None:
    with opening(LOGS):
        opened = "log"

    assert opened == "log"
