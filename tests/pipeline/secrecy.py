"""Looks for keys wherever a stack may have left them."""

import base64
from collections.abc import Iterable, Iterator
from contextlib import suppress
from math import ceil

import psutil

from tests.command_line import CommandLine


def assert_written_nowhere(stack: CommandLine, secrets: Iterable[str]) -> None:
    """No file that the stack wrote, as log, record or index, holds a key. To be asked of a stack that is stopped."""
    files = [path for path in stack.working_directory.rglob("*") if path.is_file()]
    assert stack.directory.log_file("embedded") in files
    forms = [form for secret in secrets for form in written_forms(secret)]
    for path in files:
        content = path.read_bytes()
        assert not any(form in content for form in forms), f"a key stands in {path}"


def assert_on_no_command_line(stack: CommandLine, secrets: Iterable[str]) -> None:
    """Nobody who lists processes sees a key."""
    forms = [form for secret in secrets for form in written_forms(secret)]
    for command in _command_lines(stack):
        assert not any(form in command for form in forms)


def written_forms(secret: str) -> list[bytes]:
    """A text as it is, with every character percent-encoded, in hexadecimal, and inside of any base64."""
    plain = secret.encode()
    percent = "".join(f"%{byte:02X}" for byte in plain)
    return [plain, percent.encode(), percent.lower().encode(), plain.hex().encode(), *_in_base64(plain)]


def _in_base64(plain: bytes) -> Iterator[bytes]:
    """The characters that stand for it wherever it begins: without those that its neighbours have a part in."""
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + plain).rstrip(b"=")
        own = encoded[ceil(shift * 8 / 6) : (shift + len(plain)) * 8 // 6]
        yield own
        yield own.translate(bytes.maketrans(b"+/", b"-_"))


def _command_lines(stack: CommandLine) -> Iterator[bytes]:
    for pid in stack.parts().values():
        with suppress(psutil.NoSuchProcess):  # it was killed since
            part = psutil.Process(pid)
            for process in (part, *part.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    yield " ".join(process.cmdline()).encode()
