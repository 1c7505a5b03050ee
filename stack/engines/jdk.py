"""Finds a Java that is new enough."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from stack.engines.errors import EngineMissingError
from stack.engines.system import install_command

_INSTALLED = (
    "/usr/lib/jvm/*",
    "/usr/java/*",
    "/opt/java/*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
    "/usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
    "~/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "~/.sdkman/candidates/java/*",
    "~/.jdks/*",
)
_VERSION = re.compile(r'version "(?:1\.)?(\d+)|^JAVA_VERSION="(?:1\.)?(\d+)', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Jdk:
    """A Java installation; `version` is the feature release (17, 21, ...)."""

    home: Path
    version: int

    @property
    def java(self) -> Path:
        """The launcher."""
        return self.home / "bin" / "java"

    @property
    def javac(self) -> Path:
        """The compiler; a runtime alone has none."""
        return self.home / "bin" / "javac"


def find_jdk(
    minimum: int,
    *,
    compiler: bool = False,
    environment: Mapping[str, str] = os.environ,
    places: tuple[str, ...] = _INSTALLED,
) -> Jdk:
    """The first that is at least `minimum`: JAVA_HOME, then `java` on the PATH, then the newest installed one.

    With `compiler`, only those that have `javac`. Raises EngineMissingError.
    """
    found = list(_candidates(environment, places))
    for jdk in found:
        if jdk.version >= minimum and (jdk.javac.exists() or not compiler):
            return jdk
    seen = ", ".join(f"{jdk.version} in {jdk.home}" for jdk in found) or "none at all"
    kind = "A JDK (with javac)" if compiler else "A Java runtime"
    raise EngineMissingError(
        f"{kind} of version {minimum} or newer is needed; found: {seen}",
        f"Install one ({install_command(f'jdk{minimum}')}), or set JAVA_HOME to one",
    )


def _candidates(environment: Mapping[str, str], places: tuple[str, ...]) -> Iterator[Jdk]:
    named: list[Path] = []
    if environment.get("JAVA_HOME"):
        named.append(Path(environment["JAVA_HOME"]))
    on_path = shutil.which("java", path=environment.get("PATH"))
    if on_path:
        named.append(Path(on_path).resolve().parent.parent)
    for home in named:
        if jdk := _jdk(home):
            yield jdk
    installed = (_jdk(home) for place in places for home in _expand(place, environment))
    yield from sorted((jdk for jdk in installed if jdk), key=lambda jdk: jdk.version, reverse=True)


def _expand(place: str, environment: Mapping[str, str]) -> list[Path]:
    if place.startswith("~"):
        home = environment.get("HOME")
        if not home:
            return []
        place = home + place[1:]
    return sorted(Path("/").glob(place.lstrip("/")))


def _jdk(home: Path) -> Jdk | None:
    """The installation in `home`, or None where there is none or it does not tell its version."""
    if not os.access(home / "bin" / "java", os.X_OK):
        return None
    match = _VERSION.search(_release(home))
    return Jdk(home, int(match[1] or match[2])) if match else None


def _release(home: Path) -> str:
    """The `release` file, which every JDK since 8 has, or else what `java -version` says."""
    try:
        return (home / "release").read_text()
    except OSError:
        answer = subprocess.run(  # noqa: S603 - a Java found on this machine
            [home / "bin" / "java", "-version"], capture_output=True, text=True, check=False, timeout=30
        )
        return answer.stderr
