"""Asks the engines whether they answer."""

import json

from stack.loopback import get

_PATIENCE_S = 2.0


def kafka_answers(bootstrap_servers: str) -> bool:
    """Whether the broker serves its metadata, which it does only when it takes records."""
    # Imported late: the embedded stack does without the client library.
    from confluent_kafka import KafkaException  # noqa: PLC0415
    from confluent_kafka.admin import AdminClient  # noqa: PLC0415

    try:
        client = AdminClient({"bootstrap.servers": bootstrap_servers, "log_level": 0})
        return bool(client.list_topics(timeout=_PATIENCE_S).brokers)
    except KafkaException:
        return False


def elasticsearch_answers(url: str) -> bool:
    """Whether the node has recovered its indices and takes documents."""
    answer = get(f"{url}/_cluster/health?wait_for_status=yellow&timeout=1s", _PATIENCE_S)
    return answer is not None and answer.status == 200 and json.loads(answer.body)["status"] in {"yellow", "green"}
