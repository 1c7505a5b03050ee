"""A Quix Streams pipeline from the raw topic into Elasticsearch: `quix_worker.py BROKERS URL TOPIC INDEX STATE_DIR`.

Runs in an environment of its own (`.venv-quix`), since it needs other versions of the same packages. It writes every
record as it is, with dates and texts mapped as in our own index; it merges nothing, and rewrites what is repeated.
"""

import sys

from quixstreams import Application
from quixstreams.sinks.community.elasticsearch import ElasticsearchSink

_MAPPING = {
    "settings": {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "500ms"},
    "mappings": {
        "dynamic": False,
        "properties": {
            "snippet": {
                "properties": {
                    "publishedAt": {"type": "date"},
                    "channelId": {"type": "keyword"},
                    "channelTitle": {"type": "text"},
                    "title": {"type": "text"},
                    "description": {"type": "text"},
                }
            }
        },
    },
}


def main(brokers: str, url: str, topic: str, index: str, state_dir: str) -> None:
    """Runs until SIGTERM."""
    app = Application(
        broker_address=brokers,
        consumer_group="quix",
        auto_offset_reset="earliest",
        commit_interval=1.0,
        commit_every=5000,  # the sink holds back everything until a commit: smaller steps keep it busy evenly
        auto_create_topics=False,
        loglevel="WARNING",
        state_dir=state_dir,
    )
    raw = app.topic(topic, value_deserializer="json", key_deserializer="str")
    sink = ElasticsearchSink(url=url, index=index, mapping=_MAPPING, batch_size=2000)
    app.dataframe(raw).sink(sink)
    app.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
