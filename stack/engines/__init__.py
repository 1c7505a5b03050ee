"""Kafka and Elasticsearch as local processes, assembled from their published jars; no container, no root.

What is assembled is the real broker and the real search server, of the versions in `versions.py`. Elasticsearch's
modules are not all published as jars: `java/` fills in the few parts the product needs (see `elasticsearch_home.py`).
"""

from stack.engines.elasticsearch import elasticsearch_part
from stack.engines.elasticsearch_home import ElasticsearchHome, prepare_elasticsearch
from stack.engines.errors import EngineError, EngineMissingError
from stack.engines.kafka import KafkaHome, KafkaPorts, console_consumer, kafka_part, prepare_kafka
from stack.engines.versions import ELASTICSEARCH_VERSION, KAFKA_VERSION

__all__ = [
    "ELASTICSEARCH_VERSION",
    "KAFKA_VERSION",
    "ElasticsearchHome",
    "EngineError",
    "EngineMissingError",
    "KafkaHome",
    "KafkaPorts",
    "console_consumer",
    "elasticsearch_part",
    "kafka_part",
    "prepare_elasticsearch",
    "prepare_kafka",
]
