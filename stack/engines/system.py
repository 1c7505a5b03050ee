"""Names the command that installs something on this machine."""

import shutil
from collections.abc import Callable, Mapping

# The package that holds each thing, by package manager, in the order in which managers are looked for.
_PACKAGES: Mapping[str, Mapping[str, str]] = {
    "apt-get": {
        "maven": "maven",
        "zstd": "libzstd1",
        "jdk17": "openjdk-17-jdk-headless",
        "jdk21": "openjdk-21-jdk-headless",
    },
    "dnf": {"maven": "maven", "zstd": "libzstd", "jdk17": "java-17-openjdk-devel", "jdk21": "java-21-openjdk-devel"},
    "brew": {"maven": "maven", "zstd": "zstd", "jdk17": "openjdk@17", "jdk21": "openjdk@21"},
}


def install_command(thing: str, which: Callable[[str], str | None] = shutil.which) -> str:
    """What to type to install `maven`, `zstd`, `jdk17` or `jdk21`, for the package manager that is there."""
    for program, packages in _PACKAGES.items():
        if which(program):
            root = "" if program == "brew" else "sudo "
            return f"{root}{program} install {packages[thing]}"
    return f"install {_PACKAGES['apt-get'][thing]} with the package manager of this system"
