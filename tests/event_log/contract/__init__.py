"""What every implementation of the log keeps; `test_embedded.py` and `test_kafka.py` run it against theirs.

A test module gives the fixture `open_log` (see `steps.OpenLog`) and derives a test class from each contract.
"""

from tests.event_log.contract.appending import AppendContract, TopicsContract
from tests.event_log.contract.consuming import ConsumerContract
from tests.event_log.contract.counting import CountingContract
from tests.event_log.contract.owning import OwnershipContract
from tests.event_log.contract.reading import ReaderContract, TableContract
from tests.event_log.contract.records import RecordsContract, RejectionContract
from tests.event_log.contract.taking_over import TakeoverContract

__all__ = [
    "AppendContract",
    "ConsumerContract",
    "CountingContract",
    "OwnershipContract",
    "ReaderContract",
    "RecordsContract",
    "RejectionContract",
    "TableContract",
    "TakeoverContract",
    "TopicsContract",
]
