"""The processor on Kafka: a Faust worker around `BatchProcessor`.

    Kafka ─► Faust's fetcher ─► queue of events ─┬► batch ─► BatchProcessor (a thread) ─► acknowledge each event
                                                 └► batch ─► ... of the other lane's partitions

Events are acknowledged only after their batch is done, in order. A lane is a share of the partition numbers, which
are the same on every topic for one key: records of one video are all in one lane, and their order holds. The events
are taken from the stream's channel rather than from `stream.take()`, which acknowledges a batch whose processing
raised (measured: one record in ten lost, silently), or `stream.noack_take()`, which costs a trip round the event loop
for every record.
"""

import asyncio
from dataclasses import asdict
from threading import Event as StopEvent
from typing import Any

import faust
from yarl import URL

from event_log import Record
from event_log.open import DEFAULT_BROKER
from observability import LifeSign, event_logger
from processor.batch import BatchProcessor
from processor.broker_credentials import broker_credentials
from processor.eager_delivery import EagerTransport, UndecodedSchema
from processor.reading import TOPICS
from processor.settings import ProcessorSettings
from schemas.groups import PROCESSOR_GROUP
from waiting import StoppedError

logs = event_logger("processor")

LANES = 6
"""Batches under way at once: while some wait for the index, others compute (measured against 2 and 3 lanes)."""

_LIFE_SIGN_EVERY_S = 2.0


def create_app(settings: ProcessorSettings, batches: BatchProcessor, stop: StopEvent) -> faust.App:
    """A Faust app that feeds records to `batches`. `stop` is set when the worker shuts down."""
    servers = (settings.kafka_bootstrap_servers or DEFAULT_BROKER).split(",")
    # Faust makes its directory, but not the one above it.
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    urls = [URL(f"aiokafka://{server.strip()}") for server in servers]
    app = faust.App(
        PROCESSOR_GROUP,
        broker=urls,
        broker_credentials=broker_credentials(settings.kafka_access),
        datadir=str(settings.data_dir / "faust"),
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id=settings.processor_instance_id,
        broker_commit_interval=1.0,
        broker_session_timeout=10,
        broker_heartbeat_interval=1,
        # No tables and no joins: nothing to recover, and nothing that has to be empty before a rebalance.
        stream_wait_empty=False,
        topic_disable_leader=True,
        topic_allow_declare=False,
        # Even a worker that serves nothing opens a port on every address unless it is told not to.
        web_enabled=False,
    )
    app.transport = EagerTransport(urls, app)
    told = app.topic(*(topic.name for topic in TOPICS), schema=UndecodedSchema())

    @app.agent(told, concurrency=1)
    async def index_videos(stream: Any) -> None:
        await _feed(app, stream.channel, batches, settings.processor_batch)

    life_sign = LifeSign(settings.life_sign_file)

    async def show_life() -> None:
        # A worker without work, or one that holds its work until the index is back, is well; one between two
        # assignments for good is not.
        if not app.rebalancing:
            life_sign.give()

    app.timer(_LIFE_SIGN_EVERY_S)(show_life)

    @app.on_before_shutdown.connect
    async def interrupt(*_: Any, **__: Any) -> None:
        stop.set()

    return app


async def _feed(app: faust.App, channel: Any, batches: BatchProcessor, most: int) -> None:
    """Batches of different lanes are processed at once, so that one waits for the index while the other computes."""
    under_way: list[asyncio.Task[bool] | None] = [None] * LANES
    try:
        while events := await _next_events(channel.queue, most):
            # What was fetched before a rebalance may belong to another worker by now, and is read again there.
            current = [event for event in events if event.message.generation_id == app.consumer_generation_id]
            for lane in range(LANES):
                batch = [event for event in current if event.message.partition % LANES == lane]
                if not batch:
                    continue
                before = under_way[lane]
                if before is not None and not await before:
                    return
                under_way[lane] = asyncio.create_task(_process(batches, batch))
    finally:
        await asyncio.gather(*(task for task in under_way if task is not None), return_exceptions=True)


async def _process(batches: BatchProcessor, events: list[Any]) -> bool:
    """Processes and acknowledges; False, and nothing acknowledged, when the worker is to stop."""
    try:
        report = await asyncio.to_thread(batches.process, [_record(event) for event in events])
    except StoppedError:
        return False
    for event in events:
        event.ack()
    logs.info("batch_done", **asdict(report))
    return True


async def _next_events(queue: Any, most: int) -> list[Any]:
    """The events that wait in the queue, up to `most`, at least one; none when the worker stops."""
    try:
        events = [await queue.get()]
    except StopAsyncIteration:
        return []
    while len(events) < most and not queue.empty():
        events.append(queue.get_nowait())
    return events


def _record(event: Any) -> Record:
    message = event.message
    return Record(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        key=None if message.key is None else message.key.decode("utf-8", "replace"),
        value=message.value,
        headers=tuple(message.headers or ()),
        timestamp_ms=int(message.timestamp * 1000),
    )
