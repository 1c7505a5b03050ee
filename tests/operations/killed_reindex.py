"""A reindex that kills itself, as `kill -9` does, behind the step that is named: `python -m ... BROKERS URL STEP`."""

import os
import signal
import sys
from threading import Event

from event_log.kafka import KafkaLog
from operations.claim import claimed
from operations.reindex import Reindex, Step
from video_index.elasticsearch import ElasticsearchIndex
from waiting import Patience


def main(bootstrap_servers: str, url: str, last: str) -> None:
    def reach(step: Step) -> None:
        if step == last:
            os.kill(os.getpid(), signal.SIGKILL)

    with KafkaLog(bootstrap_servers) as log, ElasticsearchIndex(url) as index, claimed(log, within_s=60) as claim:
        Reindex(log, index.versions, claim, Patience(Event()), reach).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
