"""What a member of a consumer group is promised."""

import time
from threading import Thread

from event_log import NewRecord
from tests.event_log.contract.steps import PATIENCE_S, content, drain, new_group, new_topic, numbered, values


class ConsumerContract:
    def test_a_group_that_never_committed_starts_at_the_earliest_record(self, log, topic):
        log.append(numbered(topic, range(20)))
        consumer = log.consumer(new_group(), [topic.name])
        assert values(drain(consumer, 20)) == [b"%d" % number for number in range(20)]
        consumer.close()

    def test_groups_do_not_take_each_others_records(self, log, topic):
        log.append(numbered(topic, range(10)))
        consumers = [log.consumer(new_group(), [topic.name]) for _ in range(2)]
        for consumer in consumers:
            assert len(drain(consumer, 10)) == 10
            consumer.commit()
            consumer.close()

    def test_a_group_goes_on_behind_its_commit(self, log, open_log, topic):
        group = new_group()
        log.append(numbered(topic, range(10)))
        consumer = log.consumer(group, [topic.name])
        drain(consumer, 6)
        consumer.commit()
        consumer.close()
        restarted = open_log().consumer(group, [topic.name])
        assert values(drain(restarted, 4)) == [b"6", b"7", b"8", b"9"]
        restarted.close()

    def test_what_was_polled_and_not_committed_is_read_again_after_a_restart(self, log, topic):
        group = new_group()
        log.append(numbered(topic, range(10)))
        consumer = log.consumer(group, [topic.name])
        drain(consumer, 4)
        consumer.commit()
        drain(consumer, 3)
        consumer.close()
        restarted = log.consumer(group, [topic.name])
        assert values(drain(restarted, 6)) == [b"4", b"5", b"6", b"7", b"8", b"9"]
        restarted.close()

    def test_rewind_gives_again_what_was_not_committed(self, log, topic):
        log.append(numbered(topic, range(10)))
        consumer = log.consumer(new_group(), [topic.name])
        drain(consumer, 4)
        consumer.commit()
        for _ in range(2):
            assert values(drain(consumer, 3)) == [b"4", b"5", b"6"]
            consumer.rewind()
        assert values(drain(consumer, 6)) == [b"4", b"5", b"6", b"7", b"8", b"9"]
        consumer.close()

    def test_rewind_without_a_commit_goes_back_to_the_beginning(self, log, topic):
        log.append(numbered(topic, range(3)))
        consumer = log.consumer(new_group(), [topic.name])
        consumer.rewind()
        drain(consumer, 3)
        consumer.rewind()
        assert values(drain(consumer, 3)) == [b"0", b"1", b"2"]
        consumer.close()

    def test_a_commit_after_a_rewind_commits_nothing_of_before(self, log, topic):
        group = new_group()
        log.append(numbered(topic, range(3)))
        consumer = log.consumer(group, [topic.name])
        drain(consumer, 3)
        consumer.rewind()
        consumer.commit()
        consumer.close()
        restarted = log.consumer(group, [topic.name])
        assert len(drain(restarted, 3)) == 3
        restarted.close()

    def test_a_commit_without_a_poll_is_nothing(self, log, topic):
        consumer = log.consumer(new_group(), [topic.name])
        consumer.commit()
        consumer.close()

    def test_polls_of_every_size_give_every_record_once(self, log, topic):
        log.append([NewRecord(topic.name, f"key-{number}", b"%d" % number) for number in range(500)])
        consumer = log.consumer(new_group(), [topic.name])
        records = [*drain(consumer, 1, at_once=1), *drain(consumer, 9, at_once=2), *drain(consumer, 490, at_once=97)]
        assert {int(value or b"") for value in values(records)} == set(range(500))
        assert consumer.poll(10, 0.0) == []
        consumer.close()

    def test_a_consumer_of_several_topics_gets_the_records_of_all(self, log, topic, compacted):
        batch = numbered(topic, range(300)) + numbered(compacted, range(300))
        log.append(batch)
        consumer = log.consumer(new_group(), [topic.name, compacted.name])
        assert sorted(content(drain(consumer, 600))) == sorted(content(batch))
        consumer.close()

    def test_a_busy_topic_does_not_keep_another_waiting(self, log, topic, compacted):
        log.append(numbered(compacted, range(1)))
        log.append(numbered(topic, range(2000)))
        consumer = log.consumer(new_group(), [topic.name, compacted.name])
        for _ in range(500):
            # What is read of the busy topic is appended anew: there is always more of it than a poll takes.
            log.append(numbered(topic, range(50)))
            if compacted.name in {record.topic for record in consumer.poll(50, PATIENCE_S)}:
                break
        else:
            raise AssertionError("the other topic's record never came")
        consumer.close()

    def test_poll_returns_as_soon_as_something_was_appended(self, log, topic):
        consumer = log.consumer(new_group(), [topic.name])
        assert consumer.poll(1, 0.5) == []
        appender = Thread(target=log.append, args=(numbered(topic, range(1)),))
        appender.start()
        started = time.monotonic()
        assert values(drain(consumer, 1)) == [b"0"]
        assert time.monotonic() - started < PATIENCE_S / 2
        appender.join()
        consumer.close()

    def test_a_topic_that_is_made_later_is_read_from_then_on(self, log, topic):
        later = new_topic()
        consumer = log.consumer(new_group(), [topic.name, later.name])
        assert consumer.poll(10, 0.2) == []
        log.create_topics([later])
        log.append(numbered(later, range(3)))
        assert values(drain(consumer, 3)) == [b"0", b"1", b"2"]
        consumer.close()
