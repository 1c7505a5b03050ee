"""A single Elasticsearch node as a local process, on the loopback address."""

from functools import partial
from pathlib import Path

from stack.engines.elasticsearch_home import ElasticsearchHome
from stack.engines.ready import elasticsearch_answers
from stack.part import Part
from stack.ports import LOOPBACK

_LOGGING = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
"""


def elasticsearch_url(port: int) -> str:
    """What a client is told."""
    return f"http://{LOOPBACK}:{port}"


def elasticsearch_part(
    home: ElasticsearchHome, data_dir: Path, port: int, heap_mb: int = 512, backups: Path | None = None
) -> Part:
    """The node with its data in `data_dir`, as a part of a stack. Copies of its indexes may lie in `backups`."""
    data_dir = data_dir.resolve()
    backups = backups.resolve() if backups else data_dir / "backups"
    return Part(
        name="elasticsearch",
        command=_command(home, data_dir, heap_mb),
        prepare=partial(_prepare_data, data_dir, port, backups),
        ready=partial(elasticsearch_answers, elasticsearch_url(port)),
        ready_within=90.0,
        stop_within=30.0,
    )


def node_settings(data_dir: Path, port: int, backups: Path) -> str:
    """The node's `elasticsearch.yml`."""
    settings = {
        "cluster.name": "topicreel",
        "discovery.type": "single-node",
        "network.host": LOOPBACK,
        "http.port": port,
        # For other nodes, of which there are none; any free port will do.
        "transport.port": 0,
        "path.data": f'"{data_dir / "documents"}"',
        "path.logs": f'"{data_dir / "logs"}"',
        "path.repo": f'"{backups}"',
        # A disk that is 95 % full is ordinary on a laptop, and no reason to refuse documents.
        "cluster.routing.allocation.disk.threshold_enabled": "false",
    }
    return "".join(f"{name}: {value}\n" for name, value in settings.items())


def _command(home: ElasticsearchHome, data_dir: Path, heap_mb: int) -> tuple[str, ...]:
    directory = home.directory
    return (
        str(home.jdk.java),
        f"-Xms{heap_mb}m",
        f"-Xmx{heap_mb}m",
        "-XX:+UseSerialGC",
        "-Djava.awt.headless=true",
        "-Dfile.encoding=UTF-8",
        f"-Des.path.home={directory}",
        f"-Des.path.conf={data_dir / 'config'}",
        f"-Djava.io.tmpdir={data_dir / 'temporary'}",
        "-Dlog4j2.disable.jmx=true",
        "-Dlog4j.shutdownHookEnabled=false",
        "-Dio.netty.noUnsafe=true",
        "-Dio.netty.noKeySetOptimization=true",
        # The distribution brings a native library for vectors, the jars do not.
        "-Dorg.elasticsearch.nativeaccess.enableVectorLibrary=false",
        "--enable-native-access=ALL-UNNAMED",
        "-classpath",
        f"{directory / 'app'}:{directory / 'lib'}/*",
        "topicreel.ElasticsearchNode",
    )


def _prepare_data(data_dir: Path, port: int, backups: Path) -> None:
    backups.mkdir(parents=True, exist_ok=True)
    for name in ("config", "documents", "logs", "temporary"):
        (data_dir / name).mkdir(parents=True, exist_ok=True)
    (data_dir / "config" / "elasticsearch.yml").write_text(node_settings(data_dir, port, backups))
    (data_dir / "config" / "log4j2.properties").write_text(_LOGGING)
