"""Downloads jars, with everything they depend on, through Maven: its own settings, mirrors and cache apply."""

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from stack.console import Say
from stack.engines.errors import EngineMissingError
from stack.engines.system import install_command
from stack.engines.versions import MAVEN_DEPENDENCY_PLUGIN

_POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>engine</artifactId><version>1</version>
  <dependencies>
{dependencies}
  </dependencies>
</project>
"""
_DEPENDENCY = "    <dependency><groupId>{0}</groupId><artifactId>{1}</artifactId><version>{2}</version></dependency>"
_DOWNLOADED = re.compile(r"^(?:\[INFO\] )?Downloaded from \S+: \S+/([^/\s]+\.jar) ")
_SECONDS_BETWEEN_LINES = 2.0


def pom(artifacts: Iterable[str]) -> str:
    """A project that depends on `artifacts`, each as `group:artifact:version`."""
    return _POM.format(dependencies="\n".join(_DEPENDENCY.format(*artifact.split(":")) for artifact in artifacts))


def download(title: str, artifacts: Iterable[str], into: Path, say: Say) -> None:
    """Copies the artifacts and what they need at run time into `into`.

    Maven keeps every file that is complete, so after an interruption it goes on where it was.
    Raises EngineMissingError without Maven, or when it cannot fetch everything.
    """
    maven = shutil.which("mvn")
    if maven is None:
        raise EngineMissingError(
            f"{title} is downloaded through Maven, and there is no mvn", f"Install it: {install_command('maven')}"
        )
    with tempfile.TemporaryDirectory(prefix="engine-pom-") as directory:
        project = Path(directory) / "pom.xml"
        project.write_text(pom(artifacts))
        goal = f"org.apache.maven.plugins:maven-dependency-plugin:{MAVEN_DEPENDENCY_PLUGIN}:copy-dependencies"
        command = [maven, "--batch-mode", "--file", str(project), goal]
        _run(title, [*command, "-DincludeScope=runtime", f"-DoutputDirectory={into}"], say)


def _run(title: str, command: list[str], say: Say) -> None:
    with subprocess.Popen(  # noqa: S603 - Maven, with arguments made here
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            errors = _follow(title, process.stdout or (), say)
        except BaseException:
            process.terminate()
            raise
    if process.returncode != 0:
        raise EngineMissingError(
            f"Maven could not fetch {title}: {errors[0] if errors else f'it ended with {process.returncode}'}",
            "Check the network and Maven's settings, then run the same command again: it goes on where it stopped",
        )


def _follow(title: str, lines: Iterable[str], say: Say) -> list[str]:
    """Turns Maven's lines into progress; returns its error lines."""
    errors: list[str] = []
    jars = 0
    said = time.monotonic()
    for line in lines:
        if match := _DOWNLOADED.match(line):
            jars += 1
            if time.monotonic() - said >= _SECONDS_BETWEEN_LINES:
                said = time.monotonic()
                say(f"{title}: {jars} jars downloaded, the last one {match[1]}")
        elif line.startswith("[ERROR]"):
            errors.append(line.removeprefix("[ERROR]").strip())
    return errors
