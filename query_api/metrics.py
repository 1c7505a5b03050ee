"""Producer and processor as metrics (https://prometheus.io/docs/practices/naming/). No label holds a key."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import get_args

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from query_api.backlog import Backlog
from query_api.key_states import State
from query_api.producer_view import ProducerSnapshot
from schemas import ProducerStatus


def exposition(
    seen: ProducerSnapshot, keys: Mapping[State, int] | None, backlog: Backlog | None, now: datetime
) -> bytes:
    """The text that Prometheus reads; `keys` are how many there are in each state, if that is known."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Status(seen, keys, backlog, now))
    return generate_latest(registry)


class _Status(Collector):
    def __init__(
        self, seen: ProducerSnapshot, keys: Mapping[State, int] | None, backlog: Backlog | None, now: datetime
    ) -> None:
        self._seen = seen
        self._keys = keys
        self._backlog = backlog
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """The metrics of one status."""
        state = self._seen.state(self._now)
        up = GaugeMetricFamily("topicreel_producer_up", "1 while a producer tells of itself", value=state != "away")
        yield up
        yield GaugeMetricFamily(
            "topicreel_producer_waiting", "1 while nothing is polled for a reason", value=state == "waiting"
        )
        yield GaugeMetricFamily(
            "topicreel_youtube_away",
            "1 while YouTube cannot be reached, or answers no call of a kind",
            value=state != "away" and self._seen.status is not None and self._seen.status.youtube_away is not None,
        )
        if self._keys is not None:
            yield _keys(self._keys)
        if self._backlog is not None:
            yield from _backlog(self._backlog)
        if self._seen.status is not None:
            yield from _subjects(self._seen.status)
            now = self._now_there(self._seen.status)
            yield from _projects(self._seen.status, now)
            yield from _stored(self._seen.status, now)

    def _now_there(self, status: ProducerStatus) -> datetime:
        """The present moment by the clock that the status goes by."""
        heard_at = self._seen.heard_at
        return self._now if heard_at is None else status.at + (self._now - heard_at)


def _keys(counts: Mapping[State, int]) -> Metric:
    keys = GaugeMetricFamily("topicreel_keys", "Keys that are stored; the invalid are retired", labels=["state"])
    for state in get_args(State):
        keys.add_metric([state], counts.get(state, 0))
    return keys


def _backlog(backlog: Backlog) -> Iterator[Metric]:
    lag = GaugeMetricFamily(
        "topicreel_processor_lag_records", "Records that wait for the processor", labels=["topic", "partition"]
    )
    for (topic, partition), records in sorted(backlog.waiting.items()):
        lag.add_metric([topic, str(partition)], records)
    yield lag
    yield GaugeMetricFamily(
        "topicreel_dead_letters", "Records given up and kept, with their reasons", value=backlog.dead_letters
    )


def _subjects(status: ProducerStatus) -> Iterator[Metric]:
    found = CounterMetricFamily(
        "topicreel_results", "Search results with repeats; of channels, uploads", labels=["subject"]
    )
    new = CounterMetricFamily(
        "topicreel_new_videos", "Videos first found by searches; of channels, uploads", labels=["subject"]
    )
    delay = GaugeMetricFamily(
        "topicreel_expected_delay_seconds", "Mean time from publication to being found", labels=["subject"]
    )
    last = GaugeMetricFamily("topicreel_last_poll_timestamp_seconds", "When it was last polled", labels=["subject"])
    left = GaugeMetricFamily("topicreel_backfill_windows_left", "Windows of the past to fetch", labels=["subject"])
    channels = GaugeMetricFamily("topicreel_channels", "Channels followed for it", labels=["subject"])
    for subject in status.subjects:
        labels = [subject.id]
        found.add_metric(labels, subject.found)
        new.add_metric(labels, subject.new)
        channels.add_metric(labels, subject.channels)
        if subject.expected_delay_s is not None:
            delay.add_metric(labels, subject.expected_delay_s)
        if subject.last_poll_at is not None:
            last.add_metric(labels, subject.last_poll_at.timestamp())
        if subject.backfill is not None:
            left.add_metric(labels, subject.backfill.windows_left)
    yield from (found, new, delay, last, left, channels)


def _projects(status: ProducerStatus, now: datetime) -> Iterator[Metric]:
    left = GaugeMetricFamily("topicreel_quota_left", "Calls left today", labels=["project", "bucket"])
    limit = GaugeMetricFamily("topicreel_quota_limit", "Calls a day", labels=["project", "bucket"])
    reset = GaugeMetricFamily("topicreel_quota_reset_seconds", "Time until the quota resets", labels=["project"])
    keys = GaugeMetricFamily("topicreel_usable_keys", "Keys that YouTube has not refused", labels=["project"])
    for project in status.projects:
        left.add_metric([project.id, "searches"], project.searches_left)
        left.add_metric([project.id, "units"], project.units_left)
        limit.add_metric([project.id, "searches"], project.searches_per_day)
        limit.add_metric([project.id, "units"], project.units_per_day)
        reset.add_metric([project.id], max(0.0, (project.resets_at - now).total_seconds()))
        keys.add_metric([project.id], len(project.keys))
    yield from (left, limit, reset, keys)


def _stored(status: ProducerStatus, now: datetime) -> Iterator[Metric]:
    if status.videos is not None:
        yield GaugeMetricFamily("topicreel_videos", "Videos in the index", value=status.videos)
    if status.awaiting_details is not None:
        yield GaugeMetricFamily(
            "topicreel_videos_awaiting_details", "Videos not looked up yet", value=status.awaiting_details
        )
    if status.oldest_refreshed_at is not None:
        age = (now - status.oldest_refreshed_at).total_seconds()
        yield GaugeMetricFamily("topicreel_oldest_refresh_age_seconds", "Age of the oldest data", value=age)
