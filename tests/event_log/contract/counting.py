"""What is promised of counting: how much a topic keeps, and how far a group is behind."""

from tests.event_log.contract.steps import drain, new_group, new_topic, numbered


class CountingContract:
    def test_without_a_group_every_record_counts(self, log, topic):
        log.append(numbered(topic, range(7)))

        assert sum(log.count([topic.name]).values()) == 7

    def test_a_group_is_behind_by_what_it_has_not_committed(self, log, topic):
        group = new_group()
        log.append(numbered(topic, range(10)))
        consumer = log.consumer(group, [topic.name])
        drain(consumer, 6)
        assert sum(log.count([topic.name], not_committed_by=group).values()) == 10

        consumer.commit()
        assert sum(log.count([topic.name], not_committed_by=group).values()) == 4
        drain(consumer, 4)
        consumer.commit()

        assert sum(log.count([topic.name], not_committed_by=group).values()) == 0
        log.append(numbered(topic, range(3)))
        assert sum(log.count([topic.name], not_committed_by=group).values()) == 3
        consumer.close()

    def test_a_group_that_never_committed_is_behind_by_everything(self, log, topic):
        log.append(numbered(topic, range(5)))

        assert sum(log.count([topic.name], not_committed_by=new_group()).values()) == 5

    def test_each_partition_is_told_by_its_topic(self, log, topic):
        other = new_topic()
        log.create_topics([other])
        log.append(numbered(other, range(2)))

        counted = log.count([topic.name, other.name])

        assert {name for name, _ in counted} == {topic.name, other.name}
        assert sum(count for (name, _), count in counted.items() if name == other.name) == 2

    def test_a_topic_that_does_not_exist_has_no_partition(self, log):
        assert log.count([new_topic().name], not_committed_by=new_group()) == {}
