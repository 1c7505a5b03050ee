"""What the log keeps of a record, and which records it takes."""

import time
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from event_log import NewRecord, RecordRejectedError
from event_log.admission import MAX_RECORD_BYTES
from tests.event_log.contract.steps import content, values

_text = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)
_header = st.tuples(_text.filter(lambda name: "\0" not in name), st.binary(max_size=40))
_content = st.tuples(
    st.none() | _text, st.none() | st.binary(max_size=2000), st.lists(_header, max_size=5).map(tuple)
)


class RecordsContract:
    @pytest.mark.parametrize(
        "record",
        [
            pytest.param((None, b"value", ()), id="no key"),
            pytest.param(("", b"value", ()), id="an empty key"),
            pytest.param(("key", None, ()), id="a tombstone"),
            pytest.param(("key", b"", ()), id="an empty value"),
            pytest.param(("clé/ключ/鍵/🔑\0\n", "värde".encode(), ()), id="any script"),
            pytest.param(("key", bytes(range(256)), (("bytes", bytes(range(256))),)), id="any byte"),
            pytest.param(("key", b"value", (("a", b"1"), ("b", b""), ("a", b"2"))), id="headers repeated, in order"),
            pytest.param(("key", b"value", (("", b"1"), ("tête", b"2"))), id="headers of any name"),
        ],
    )
    def test_a_record_is_read_back_as_it_was_appended(self, log, topic, reader, record):
        new = NewRecord(topic.name, *record)
        log.append([new])
        assert content(reader.read_to_end()) == content([new])

    @given(batch=st.lists(_content, min_size=1, max_size=20))
    # One log serves every example, and each implementation runs the same method.
    @settings(
        max_examples=30,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
    )
    def test_any_batch_is_read_back_as_it_was_appended(self, log, topic, reader, batch):
        new = [NewRecord(topic.name, *record) for record in batch]
        log.append(new)
        assert sorted(content(reader.read_to_end()), key=repr) == sorted(content(new), key=repr)

    def test_a_record_carries_the_time_it_was_appended_and_its_place(self, log, topic, reader):
        before = time.time_ns() // 1_000_000
        log.append([NewRecord(topic.name, "key", b"value")])
        after = time.time_ns() // 1_000_000
        (record,) = reader.read_to_end()
        assert before <= record.timestamp_ms <= after
        assert 0 <= record.partition < topic.partitions
        assert record.offset >= 0

    def test_records_of_a_key_keep_their_order(self, log, topic, reader):
        for start in range(0, 300, 50):
            log.append(
                [NewRecord(topic.name, f"key-{number % 7}", b"%d" % number) for number in range(start, start + 50)]
            )
        records = reader.read_to_end()
        for key in range(7):
            of_key = [record for record in records if record.key == f"key-{key}"]
            assert values(of_key) == [b"%d" % number for number in range(key, 300, 7)]
            assert len({record.partition for record in of_key}) == 1
            assert [record.offset for record in of_key] == sorted(record.offset for record in of_key)

    def test_a_tombstone_of_a_compacted_topic_is_delivered(self, log, compacted):
        log.append([NewRecord(compacted.name, "key", b"value"), NewRecord(compacted.name, "key", None)])
        reader = log.reader([compacted.name])
        assert values(reader.read_to_end())[-1] is None
        reader.close()


class RejectionContract:
    def test_an_unknown_topic_is_rejected_by_name(self, log, topic, reader):
        unknown = f"unknown-{uuid.uuid4()}"
        with pytest.raises(RecordRejectedError, match=f"key 'the-key' for topic '{unknown}'.*create it first"):
            log.append([NewRecord(topic.name, "good", b""), NewRecord(unknown, "the-key", b"")])
        assert reader.read_to_end() == []

    def test_appending_to_an_unknown_topic_does_not_make_it(self, log):
        unknown = f"unknown-{uuid.uuid4()}"
        for _ in range(2):
            with pytest.raises(RecordRejectedError):
                log.append([NewRecord(unknown, "key", b"")])

    def test_the_largest_record_is_taken(self, log, topic, reader):
        largest = NewRecord(topic.name, "k", bytes(MAX_RECORD_BYTES - 3), (("h", b"v"),))
        log.append([largest])
        assert content(reader.read_to_end()) == content([largest])

    @pytest.mark.parametrize(
        ("key", "headers"), [("kk", (("h", b"v"),)), ("k", (("h", b"vv"),)), ("é", (("h", b"v"),))]
    )
    def test_a_larger_one_is_rejected_and_so_is_its_batch(self, log, topic, reader, key, headers):
        larger = NewRecord(topic.name, key, bytes(MAX_RECORD_BYTES - 3), headers)
        with pytest.raises(RecordRejectedError, match="1,000,001 bytes, at most 1,000,000 are accepted"):
            log.append([NewRecord(topic.name, "good", b""), larger])
        assert reader.read_to_end() == []

    def test_a_compacted_topic_needs_a_key(self, log, compacted):
        with pytest.raises(RecordRejectedError, match=f"no key for topic '{compacted.name}'.*needs a key"):
            log.append([NewRecord(compacted.name, None, b"value")])

    @pytest.mark.parametrize(
        ("key", "headers", "reason"),
        [
            ("\ud800", (), "surrogate"),
            ("key", (("\udfff", b""),), "surrogate"),
            ("key", (("a\0b", b""),), "NUL"),
        ],
    )
    def test_text_that_cannot_be_stored_is_rejected(self, log, topic, key, headers, reason):
        with pytest.raises(RecordRejectedError, match=reason):
            log.append([NewRecord(topic.name, key, b"", headers)])

    def test_the_log_goes_on_after_a_rejection(self, log, topic, reader):
        with pytest.raises(RecordRejectedError):
            log.append([NewRecord(topic.name, "key", bytes(MAX_RECORD_BYTES))])
        log.append([NewRecord(topic.name, "key", b"next")])
        assert values(reader.read_to_end()) == [b"next"]
