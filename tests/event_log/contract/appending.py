"""What `append` and `create_topics` promise, also to several threads and clients at once."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from event_log import EventLog, NewRecord
from schemas import Topic
from tests.event_log.contract.steps import content, new_topic, numbered, values


class AppendContract:
    def test_what_was_acknowledged_is_there_for_every_other_client(self, log, open_log, topic):
        other = open_log()
        for number in range(10):
            log.append(numbered(topic, range(number, number + 1)))
            reader = other.reader([topic.name])
            assert len(reader.read_to_end()) == number + 1
            reader.close()

    def test_records_of_several_topics_in_one_batch(self, log, topic, compacted):
        batch = [NewRecord(topic.name, "a", b"1"), NewRecord(compacted.name, "b", b"2")]
        log.append(batch)
        reader = log.reader([topic.name, compacted.name])
        assert sorted(content(reader.read_to_end())) == sorted(content(batch))
        reader.close()

    def test_an_empty_batch_appends_nothing(self, log, reader):
        log.append([])
        assert reader.read_to_end() == []

    def test_threads_may_append_at_once(self, log, topic, reader):
        def appender(name: str):
            for start in range(0, 100, 20):
                log.append(numbered(topic, range(start, start + 20), key=name))

        names = [f"thread-{number}" for number in range(4)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(appender, names))
        records = reader.read_to_end()
        for name in names:
            of_thread = [record for record in records if record.key == name]
            assert values(of_thread) == [b"%d" % number for number in range(100)]
        assert len(records) == 400

    def test_clients_may_append_at_once(self, open_log, topic, reader):
        def appender(name: str):
            log = open_log()
            for start in range(0, 100, 20):
                log.append(numbered(topic, range(start, start + 20), key=name))

        with ThreadPoolExecutor(3) as pool:
            list(pool.map(appender, ["a", "b", "c"]))
        assert len(reader.read_to_end()) == 300

    def test_check_passes_while_the_log_answers(self, log):
        log.check()

    def test_closing_loses_nothing_that_was_acknowledged(self, open_log, topic):
        with open_log() as first:
            first.append(numbered(topic, range(3)))
        reader = open_log().reader([topic.name])
        assert len(reader.read_to_end()) == 3
        reader.close()


class TopicsContract:
    def test_topics_that_exist_are_left_as_they_are(self, log, topic, reader):
        log.append(numbered(topic, range(3)))
        log.create_topics([topic, new_topic()])
        log.create_topics([Topic(topic.name, partitions=1, retention=None)])
        assert len(reader.read_to_end()) == 3

    def test_no_topics_are_no_work(self, log):
        log.create_topics([])

    def test_clients_that_create_the_same_topics_at_once_all_succeed(self, open_log):
        topics = [new_topic(), new_topic(compacted=True)]
        together = Barrier(4)

        def create(log: EventLog):
            together.wait()
            log.create_topics(topics)
            log.append([NewRecord(topic.name, str(uuid.uuid4()), b"value") for topic in topics])

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(create, [open_log() for _ in range(4)]))
        reader = open_log().reader([topic.name for topic in topics])
        assert len(reader.read_to_end()) == 8
        reader.close()
