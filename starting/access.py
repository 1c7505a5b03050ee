"""Whether the engines let a service in: told at once, while one that is merely away is waited for."""

from urllib.parse import urlsplit

from event_log import EventLog, LogAccessError, LogError
from schemas.settings import CommonSettings, SettingsError
from starting.tls import speaks_tls
from video_index import IndexAccessError, VideoIndex, VideoIndexError


def check_access(settings: CommonSettings, log: EventLog, index: VideoIndex) -> None:
    """Asks both once, each for some seconds at most.

    Raises LogAccessError and IndexAccessError when credentials or certificates are refused, SettingsError when TLS is
    spoken where the settings say plain text. Nothing when an engine is away.
    """
    try:
        log.check()
    except LogAccessError:
        raise
    except LogError:
        _check_kafka(settings)
    try:
        index.check()
    except IndexAccessError:
        raise
    except VideoIndexError:
        _check_elasticsearch(settings)


def _check_kafka(settings: CommonSettings) -> None:
    servers = settings.kafka_bootstrap_servers
    if servers is None or settings.kafka_access.encrypted:
        return
    if any(speaks_tls(server) for server in servers.split(",")):
        raise SettingsError(
            f"Kafka at {servers} speaks TLS, KAFKA_SECURITY_PROTOCOL={settings.kafka_security_protocol} does not: "
            "set it to SASL_SSL, or to SSL where nobody is asked for a user"
        )


def _check_elasticsearch(settings: CommonSettings) -> None:
    url = settings.elasticsearch_url
    if url is not None and url.startswith("http://") and speaks_tls(urlsplit(url).netloc):
        raise SettingsError(f"Elasticsearch at {url} speaks TLS: set ELASTICSEARCH_URL to the same with https://")
