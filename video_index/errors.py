"""What can go wrong with the index.

VideoIndexError
├── IndexUnavailableError   the index cannot be reached or is overloaded now; the same call may succeed later
│   └── IndexBlockedError   the index takes no changes for now, as while a rebuilt one takes its place
├── PageTooFarError         so many results are before a page that the index could not skip them in time
├── IndexSetupError         the index is not what this version expects; the text says what to do
│   ├── IndexAccessError    the index does not let this service in as it is set up
│   └── IndexOutdatedError  the index is of an older version, and a reindex makes one of this version
├── IntervalError           a timeline of too many intervals; the text says what is accepted
└── QuestionError           a query that cannot be understood; the text says what is accepted
"""


class VideoIndexError(Exception):
    """Base of everything the index raises."""


class IndexUnavailableError(VideoIndexError):
    """The index cannot be reached or is overloaded now; the same call may succeed later."""


class IndexBlockedError(IndexUnavailableError):
    """The index takes no changes for now, as while a rebuilt one takes its place; searches are answered."""


class IndexSetupError(VideoIndexError):
    """The index is not what this version expects; the text says what to do."""


class IndexAccessError(IndexSetupError):
    """The index does not let this service in as it is set up; the text names the setting."""


class PageTooFarError(VideoIndexError):
    """So many results are before a page that the index could not skip them in time; the text says how many it did.
    Behind a position nothing is skipped."""


class QuestionError(VideoIndexError):
    """A query that cannot be understood; the text says where and what is accepted."""


class IndexOutdatedError(IndexSetupError):
    """The index is of an older version, and searched, or lost while one that it replaced is there; nothing is written
    until `make reindex` has made another."""


class IntervalError(VideoIndexError):
    """A timeline of too many intervals; the text says how many, and what is accepted."""
