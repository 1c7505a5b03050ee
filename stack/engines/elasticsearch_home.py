"""Assembles an Elasticsearch server from its published jars.

The server is Elastic's own. Of its modules only the HTTP transport is published; two small classes in `java/` take
the place of the launcher and of the little the product needs of the others (`GET /` and the `asciifolding` filter).
What only the official image has (security, painless, ingest, ...) the product's core path does not use.
"""

import hashlib
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

from stack.console import Say
from stack.engines.errors import EngineFailedError
from stack.engines.install import install
from stack.engines.jdk import Jdk, find_jdk
from stack.engines.maven import download
from stack.engines.native_library import ZstdLibrary, find_zstd
from stack.engines.versions import ELASTICSEARCH_JAVA, ELASTICSEARCH_VERSION

ARTIFACTS = (
    f"org.elasticsearch:elasticsearch:{ELASTICSEARCH_VERSION}",
    f"org.elasticsearch.plugin:transport-netty4:{ELASTICSEARCH_VERSION}",
)
_SOURCES = Path(__file__).parent / "java"
_TRANSPORT = "transport-netty4"
_MISSING_MODULES = "missing-modules"
_DESCRIPTOR = """\
name={name}
description={name}
version={version}
elasticsearch.version={version}
java.version={java}
classname={class_name}
extended.plugins=
has.native.controller=false
"""


@dataclass(frozen=True, slots=True)
class ElasticsearchHome:
    """The server's jars and modules in `directory`, and the Java that runs them."""

    directory: Path
    jdk: Jdk


def prepare_elasticsearch(engines_dir: Path, say: Say) -> ElasticsearchHome:
    """Downloads and assembles the server in `engines_dir` unless it is there. Raises EngineMissingError."""
    jdk = find_jdk(ELASTICSEARCH_JAVA, compiler=True)
    zstd = find_zstd()

    def build(directory: Path) -> None:
        say(f"Elasticsearch {ELASTICSEARCH_VERSION} is downloaded once, about 60 MB, through Maven")
        download(f"Elasticsearch {ELASTICSEARCH_VERSION}", ARTIFACTS, directory / "lib", say)
        _assemble(directory, jdk, zstd)

    home = engines_dir.resolve() / f"elasticsearch-{ELASTICSEARCH_VERSION}-{_recipe_digest()}"
    return ElasticsearchHome(install(home, build, say), jdk)


def _recipe_digest() -> str:
    """Changes with whatever a home is assembled from, so that each recipe has a home of its own."""
    recipe = hashlib.sha256(Path(__file__).read_bytes())
    for source in sorted(_SOURCES.glob("*.java")):
        recipe.update(source.read_bytes())
    return recipe.hexdigest()[:8]


def _assemble(home: Path, jdk: Jdk, zstd: ZstdLibrary) -> None:
    """Lays out downloaded jars as the server expects them, and compiles what is not published."""
    for name in ("config", "plugins"):
        (home / name).mkdir()
    transport = home / "modules" / _TRANSPORT
    transport.mkdir(parents=True)
    for jar in [*(home / "lib").glob(f"{_TRANSPORT}-*.jar"), *(home / "lib").glob("netty-*.jar")]:
        jar.rename(transport / jar.name)
    _describe(transport, _TRANSPORT, "org.elasticsearch.transport.netty4.Netty4Plugin")
    (home / zstd.target).parent.mkdir(parents=True)
    shutil.copy(zstd.source, home / zstd.target)
    _compile(home, jdk, "ElasticsearchNode.java", home / "app")
    _compile(home, jdk, "MissingModules.java", home / "compiled")
    missing = home / "modules" / _MISSING_MODULES
    missing.mkdir()
    _pack(home / "compiled", missing / f"{_MISSING_MODULES}.jar")
    _describe(missing, _MISSING_MODULES, "topicreel.MissingModules")


def _describe(module: Path, name: str, class_name: str) -> None:
    descriptor = _DESCRIPTOR.format(
        name=name, version=ELASTICSEARCH_VERSION, java=ELASTICSEARCH_JAVA, class_name=class_name
    )
    (module / "plugin-descriptor.properties").write_text(descriptor)


def _compile(home: Path, jdk: Jdk, source: str, into: Path) -> None:
    # -proc:none and -nowarn: the jars' annotations refer to classes that are not published.
    options = ["--release", str(ELASTICSEARCH_JAVA), "-proc:none", "-nowarn", "-classpath", f"{home / 'lib'}/*"]
    result = subprocess.run(  # noqa: S603 - a command made here
        [jdk.javac, *options, "-d", into, _SOURCES / source], capture_output=True, text=True, check=False, timeout=300
    )
    if result.returncode != 0:
        raise EngineFailedError(f"{source} did not compile: {result.stderr.strip()[-1000:]}")


def _pack(classes: Path, jar: Path) -> None:
    with zipfile.ZipFile(jar, "w", zipfile.ZIP_DEFLATED) as archive:
        for compiled in sorted(classes.rglob("*.class")):
            archive.write(compiled, compiled.relative_to(classes))
