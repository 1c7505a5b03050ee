"""What a reader is promised, and the table that is built on it."""

from threading import Thread

from event_log import NewRecord, Record, Table
from tests.event_log.contract.steps import drain, new_group, new_topic, numbered, values


class ReaderContract:
    def test_it_starts_at_the_beginning_whatever_groups_have_read(self, log, topic):
        log.append(numbered(topic, range(5)))
        consumer = log.consumer(new_group(), [topic.name])
        drain(consumer, 5)
        consumer.commit()
        consumer.close()
        for _ in range(2):
            reader = log.reader([topic.name])
            assert len(drain(reader, 5)) == 5
            reader.close()

    def test_read_to_end_of_an_empty_topic_gives_nothing(self, reader):
        assert reader.read_to_end() == []
        assert reader.read_to_end() == []

    def test_read_to_end_of_a_topic_that_does_not_exist_gives_nothing(self, log):
        later = new_topic()
        reader = log.reader([later.name])
        assert reader.read_to_end() == []
        log.create_topics([later])
        log.append(numbered(later, range(2)))
        assert values(reader.read_to_end()) == [b"0", b"1"]
        reader.close()

    def test_read_to_end_gives_only_what_is_new_the_next_time(self, log, topic, reader):
        for start in (0, 10, 20):
            log.append(numbered(topic, range(start, start + 10)))
            assert values(reader.read_to_end()) == [b"%d" % number for number in range(start, start + 10)]
        assert reader.read_to_end() == []

    def test_read_to_end_of_a_large_topic_gives_all_of_it(self, log, topic, reader):
        for start in range(0, 20_000, 5_000):
            log.append(
                [NewRecord(topic.name, str(number), b"%0500d" % number) for number in range(start, start + 5_000)]
            )
        records = reader.read_to_end()
        assert len(records) == 20_000
        assert {int(record.key or "") for record in records} == set(range(20_000))

    def test_poll_and_read_to_end_go_on_from_each_other(self, log, topic, reader):
        log.append(numbered(topic, range(10)))
        seen = drain(reader, 4, at_once=2) + reader.read_to_end()
        log.append(numbered(topic, range(10, 13)))
        assert values(seen + drain(reader, 3)) == [b"%d" % number for number in range(13)]

    def test_read_to_end_gives_every_record_once_while_others_append(self, log, topic, reader):
        appender = Thread(
            target=lambda: [log.append(numbered(topic, range(start, start + 5))) for start in range(0, 500, 5)]
        )
        appender.start()
        seen: list[Record] = []
        while appender.is_alive():
            seen += reader.read_to_end()
        appender.join()
        seen += reader.read_to_end()
        assert values(seen) == [b"%d" % number for number in range(500)]

    def test_it_goes_on_from_where_another_reader_was(self, log, topic, reader):
        log.append([NewRecord(topic.name, str(number), b"%d" % number) for number in range(20)])
        seen = drain(reader, 8)
        other = log.reader([topic.name])
        other.seek(reader.positions())
        assert sorted(values(seen + drain(other, 12))) == sorted(b"%d" % number for number in range(20))
        assert other.read_to_end() == []
        other.close()

    def test_it_goes_back_and_forth(self, log, topic, reader):
        log.append(numbered(topic, range(10)))
        beginning = reader.positions()
        assert len(drain(reader, 4)) == 4
        four = reader.positions()
        for _ in range(2):
            reader.seek(four)
            assert reader.positions() == four
            assert values(drain(reader, 6)) == [b"%d" % number for number in range(4, 10)]
        reader.seek(beginning)
        assert values(drain(reader, 10)) == [b"%d" % number for number in range(10)]

    def test_from_the_ends_it_reads_only_what_comes_later(self, log, topic, reader):
        log.append(numbered(topic, range(10)))
        reader.seek(reader.ends())
        assert reader.poll(10, 0.1) == []
        log.append(numbered(topic, range(10, 12)))
        assert values(drain(reader, 2)) == [b"10", b"11"]

    def test_read_to_the_end_it_is_at_the_ends(self, log, topic, reader):
        assert all(end == 0 for end in reader.ends().values())
        log.append([NewRecord(topic.name, str(number), b"") for number in range(10)])
        reader.read_to_end()
        assert reader.positions() == reader.ends()

    def test_a_partition_that_is_not_named_is_read_from_its_beginning(self, log, topic, reader):
        log.append(numbered(topic, range(3)))
        drain(reader, 3)
        reader.seek({})
        assert values(drain(reader, 3)) == [b"0", b"1", b"2"]

    def test_a_topic_that_does_not_exist_has_no_end_and_is_read_once_it_is_there(self, log):
        later = new_topic()
        reader = log.reader([later.name])
        reader.seek(reader.ends())
        log.create_topics([later])
        log.append(numbered(later, range(2)))
        assert values(drain(reader, 2)) == [b"0", b"1"]
        reader.close()


class TableContract:
    def test_it_holds_the_newest_value_of_every_key(self, log, compacted):
        table = Table(log, compacted.name, lambda _key, value: int(value))
        assert table.refresh() == {}
        log.append([NewRecord(compacted.name, key, b"%d" % value) for key, value in [("a", 1), ("b", 2), ("a", 3)]])
        assert table.refresh() == {"a": 3, "b": 2}
        log.append([NewRecord(compacted.name, "a", None), NewRecord(compacted.name, "c", b"4")])
        assert table.refresh() == {"b": 2, "c": 4}
        table.close()
