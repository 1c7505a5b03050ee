"""Finds the zstd library of the operating system, which Elasticsearch loads to compress its files."""

import platform
from dataclasses import dataclass
from pathlib import Path

from stack.engines.errors import EngineMissingError
from stack.engines.system import install_command

_PLACES = {
    "Linux": ("/usr/lib/*/libzstd.so.1", "/lib/*/libzstd.so.1", "/usr/lib64/libzstd.so.1", "/usr/lib/libzstd.so.1"),
    "Darwin": ("/opt/homebrew/lib/libzstd.dylib", "/usr/local/lib/libzstd.dylib"),
}
_SUFFIX = {"Linux": "so", "Darwin": "dylib"}
_ARCHITECTURE = {"x86_64": "x64", "amd64": "x64", "aarch64": "aarch64", "arm64": "aarch64"}


@dataclass(frozen=True, slots=True)
class ZstdLibrary:
    """The library, and where Elasticsearch looks for it below its home (`lib/platform/<os>-<arch>/`)."""

    source: Path
    target: Path


def find_zstd(
    system: str = platform.system(), machine: str = platform.machine(), places: dict[str, tuple[str, ...]] = _PLACES
) -> ZstdLibrary:
    """The library of this machine. Raises EngineMissingError where there is none, or for another kind of system."""
    architecture = _ARCHITECTURE.get(machine.lower())
    if system not in places or architecture is None:
        raise EngineMissingError(
            f"Elasticsearch does not run as a local process on {system} {machine}",
            "Use STACK=docker or STACK=embedded",
        )
    # An x86 machine may have the 32-bit library beside the one that fits; its directory is named for it.
    found = [
        path
        for place in places[system]
        for path in sorted(Path("/").glob(place.lstrip("/")))
        if "i386" not in str(path)
    ]
    if not found:
        raise EngineMissingError(
            "Elasticsearch needs the zstd library, and it is not installed", f"Install it: {install_command('zstd')}"
        )
    directory = f"{system.lower()}-{architecture}"
    return ZstdLibrary(found[0], Path("lib", "platform", directory, f"libzstd.{_SUFFIX[system]}"))
