"""Follows the raw feed: every search result as YouTube sent it, one line of key, tab, value each."""

import os
import sys
from typing import BinaryIO

from event_log import EventLog, open_log
from schemas import RAW
from stack.compose import become_inside
from stack.console import Say
from stack.directory import StackDirectory
from stack.engines import console_consumer, prepare_kafka
from stack.errors import NotRunningError
from stack.origin import read_origin
from stack.settings import StackSettings
from stack.state import read_state

_BATCH = 500
_WAIT_S = 0.5
_CONSUMER = (
    "env",
    # The container's own heap is for the broker: a second one of that size is more than its memory.
    "KAFKA_HEAP_OPTS=-Xmx128m",
    # Whatever the image logs where: what the consumer says itself is warnings and errors, beside the feed.
    "LOG4J_LOGGER_CONTEXT_FACTORY=org.apache.logging.log4j.simple.SimpleLoggerContextFactory",
    "LOG4J_SIMPLELOG_LEVEL=WARN",
    "/opt/kafka/bin/kafka-console-consumer.sh",
)


def follow_raw(settings: StackSettings, directory: StackDirectory, say: Say) -> None:
    """Prints the feed from its first record on, until Ctrl-C. Raises NotRunningError and EngineMissingError.

    Where the stack's own Kafka runs, this process becomes the console consumer.
    """
    origin = read_origin(directory)
    if origin is None:
        raise NotRunningError(f"{directory} holds no data of a stack: start one with make up or make demo")
    say(f"{RAW.name} in {directory}, from the first record on; Ctrl-C ends")
    if origin.stack == "docker":
        shown = ("print.key=true", "print.headers=true")
        properties = [word for each in shown for word in ("--formatter-property", each)]
        arguments = ["--topic", RAW.name, "--from-beginning", *properties]
        become_inside(directory, "kafka", *_CONSUMER, "--bootstrap-server", "localhost:9092", *arguments)
    if origin.stack == "native" and settings.kafka_security_protocol == "PLAINTEXT":
        state = read_state(directory)
        if state is None:
            raise NotRunningError(f"the stack in {directory} is not up yet")
        command = console_consumer(prepare_kafka(settings.engines_dir, say), state.addresses["kafka"], RAW.name)
        os.execv(command[0], command)  # noqa: S606 - no shell
    # The console consumer would want the password of a Kafka that asks for one in a file.
    with open_log(settings.model_copy(update={"stack": origin.stack, "data_dir": directory.root})) as log:
        print_feed(log, sys.stdout.buffer)


def print_feed(log: EventLog, output: BinaryIO) -> None:
    """Prints the raw records of a log as the console consumer does, and goes on until interrupted."""
    reader = log.reader([RAW.name])
    try:
        while True:
            for record in reader.poll(_BATCH, _WAIT_S):
                key = b"null" if record.key is None else record.key.encode()
                output.write(key + b"\t" + (b"null" if record.value is None else record.value) + b"\n")
            output.flush()
    finally:
        reader.close()
