"""What every index must do. `test_embedded.py` and `test_elasticsearch.py` run all of it.

Each class of tests gets an `index` fixture from the module that inherits it: empty, and ready.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from schemas import Video, VideoDetails
from video_index import (
    Delete,
    Freshness,
    Outcome,
    QuestionError,
    SearchAnswer,
    SearchRequest,
    Sort,
    Stored,
    VideoIndex,
    Write,
    parse_question,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def a_video(video_id: str, title: str = "A title", **fields: object) -> Video:
    values: dict[str, object] = {
        "description": "",
        "channel_id": "UCone",
        "channel_title": "Channel one",
        "published_at": NOON,
        "thumbnails": {"default": {"url": "https://i.ytimg.com/vi/x/default.jpg", "width": 120, "height": 90}},
        "live_broadcast_content": "none",
        "subjects": ("subject-a",),
        "first_seen_at": NOON,
        "updated_at": NOON,
        "refreshed_at": NOON,
    }
    return Video.model_validate({"video_id": video_id, "title": title, **values, **fields})


def fill(index: VideoIndex, videos: Iterable[Video]) -> None:
    """Writes new videos and waits until they can be searched."""
    writes = [Write(video, None) for video in videos]
    results = index.write(writes)
    assert [result.outcome for result in results] == [Outcome.WRITTEN] * len(writes)
    await_total(index, SearchRequest(), at_least=len(writes))


def await_condition(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline, "not so after 10 s"
        time.sleep(0.02)


def await_total(index: VideoIndex, request: SearchRequest, at_least: int) -> SearchAnswer:
    deadline = time.monotonic() + 10
    while True:
        answer = index.search(request)
        if answer.total >= at_least:
            return answer
        assert time.monotonic() < deadline, f"{answer.total} of {at_least} searchable after 10 s"
        time.sleep(0.02)


def stored(index: VideoIndex, video_id: str) -> Stored:
    [document] = index.get([video_id])
    assert document is not None
    return document


def found(index: VideoIndex, q: str, sort: Sort = Sort.RELEVANCE) -> list[str]:
    answer = index.search(SearchRequest(question=parse_question(q), sort=sort, limit=50))
    assert answer.total == len(answer.videos)
    return [video.video_id for video in answer.videos]


class DocumentsContract:
    """Reading and conditional writing."""

    def test_a_new_document_is_read_back_whole_and_at_once(self, index: VideoIndex) -> None:
        video = a_video(
            "vid-1",
            'Été à Paris 🎬 <b>"L\'œuvre"</b>',
            subjects=("a", "b"),
            thumbnails={"uhd": {"url": "u", "new": [1, {"deep": True}]}},
            details=VideoDetails(duration_s=61, tags=("x", "y"), view_count=3_000_000_000),
        )

        [result] = index.write([Write(video, None)])

        assert result.outcome is Outcome.WRITTEN
        [stored] = index.get(["vid-1"])
        assert stored is not None
        assert stored.video == video

    def test_documents_come_in_the_order_asked_for_with_none_for_the_unknown(self, index: VideoIndex) -> None:
        index.write([Write(a_video("b"), None), Write(a_video("a"), None)])

        stored = index.get(["a", "missing", "b"])

        assert [each and each.video.video_id for each in stored] == ["a", None, "b"]

    def test_nothing_asked_nothing_given(self, index: VideoIndex) -> None:
        assert index.get([]) == []
        assert index.write([]) == []

    def test_a_document_is_replaced_on_its_version(self, index: VideoIndex) -> None:
        index.write([Write(a_video("a", "old"), None)])
        [stored] = index.get(["a"])
        assert stored is not None

        [result] = index.write([Write(a_video("a", "new"), stored.version)])

        assert result.outcome is Outcome.WRITTEN
        [stored] = index.get(["a"])
        assert stored is not None
        assert stored.video.title == "new"

    def test_a_new_document_conflicts_where_there_is_one(self, index: VideoIndex) -> None:
        index.write([Write(a_video("a", "first"), None)])

        results = index.write([Write(a_video("a", "second"), None), Write(a_video("b"), None)])

        assert [result.outcome for result in results] == [Outcome.CONFLICT, Outcome.WRITTEN]
        [stored] = index.get(["a"])
        assert stored is not None
        assert stored.video.title == "first"

    def test_an_old_version_conflicts(self, index: VideoIndex) -> None:
        index.write([Write(a_video("a", "1"), None)])
        [first] = index.get(["a"])
        assert first is not None
        index.write([Write(a_video("a", "2"), first.version)])

        [result] = index.write([Write(a_video("a", "3"), first.version)])

        assert result.outcome is Outcome.CONFLICT
        [stored] = index.get(["a"])
        assert stored is not None
        assert stored.video.title == "2"

    def test_a_replaced_document_is_found_by_its_new_words_only(self, index: VideoIndex) -> None:
        fill(index, [a_video("a", "elephant")])
        [stored] = index.get(["a"])
        assert stored is not None
        index.write([Write(a_video("a", "giraffe"), stored.version)])

        await_total(index, SearchRequest(question=parse_question("giraffe")), at_least=1)

        assert found(index, "elephant") == []
        assert index.search(SearchRequest()).total == 1

    def test_a_write_can_be_searched_within_a_second_or_so(self, index: VideoIndex) -> None:
        fill(index, [a_video("a")])

        index.write([Write(a_video("b", "quickly"), None)])
        started = time.monotonic()
        await_total(index, SearchRequest(question=parse_question("quickly")), at_least=1)

        assert time.monotonic() - started < 5

    def test_ensure_again_changes_nothing(self, index: VideoIndex) -> None:
        fill(index, [a_video("a")])

        index.ensure()

        assert index.search(SearchRequest()).total == 1
        index.check()


class RemovalContract:
    """Conditional removal, and what comes after it."""

    def test_a_removed_document_is_gone_at_once_and_from_searches_soon(self, index: VideoIndex) -> None:
        fill(index, [a_video("a", "elephant"), a_video("b", "giraffe")])

        [result] = index.write([Delete("a", stored(index, "a").version)])

        assert result.outcome is Outcome.WRITTEN
        assert index.get(["a"]) == [None]
        await_condition(lambda: index.search(SearchRequest()).total == 1)
        assert found(index, "elephant") == []

    def test_a_changed_document_is_not_removed(self, index: VideoIndex) -> None:
        index.write([Write(a_video("a", "1"), None)])
        old = stored(index, "a").version
        index.write([Write(a_video("a", "2"), old)])

        [result] = index.write([Delete("a", old)])

        assert result.outcome is Outcome.CONFLICT
        assert stored(index, "a").video.title == "2"

    def test_a_document_that_is_gone_cannot_be_removed_or_replaced(self, index: VideoIndex) -> None:
        index.write([Write(a_video("a"), None)])
        version = stored(index, "a").version
        index.write([Delete("a", version)])

        results = index.write([Delete("a", version), Delete("never-there", version), Write(a_video("a"), version)])

        assert [result.outcome for result in results] == [Outcome.CONFLICT] * 3
        assert index.get(["a"]) == [None]

    def test_a_removed_document_may_come_back_and_its_old_version_counts_no_more(self, index: VideoIndex) -> None:
        index.write([Write(a_video("a", "before"), None)])
        before = stored(index, "a").version
        index.write([Delete("a", before)])

        results = index.write([Write(a_video("a", "after"), None), Delete("a", before)])

        assert [result.outcome for result in results] == [Outcome.WRITTEN, Outcome.CONFLICT]
        assert stored(index, "a").video.title == "after"

    def test_changes_of_several_documents_succeed_and_fail_each_for_itself(self, index: VideoIndex) -> None:
        index.write([Write(a_video("gone"), None), Write(a_video("kept"), None)])
        gone, kept = stored(index, "gone"), stored(index, "kept")

        results = index.write(
            [Delete("gone", gone.version), Write(a_video("kept"), None), Write(a_video("new"), None)]
        )

        assert [result.outcome for result in results] == [Outcome.WRITTEN, Outcome.CONFLICT, Outcome.WRITTEN]
        assert [each is not None for each in index.get(["gone", "kept", "new"])] == [False, True, True]
        assert stored(index, "kept").version == kept.version


class FreshnessContract:
    """What was never looked up, and what was not for longest."""

    @pytest.fixture
    def five(self, index: VideoIndex) -> None:
        """Refreshed in the order of their numbers; the odd ones first seen in the opposite order, without details."""
        fill(
            index,
            [
                a_video(
                    f"v{number}",
                    refreshed_at=NOON + timedelta(days=number),
                    first_seen_at=NOON - timedelta(days=number),
                    # Details in which YouTube told nothing are details too.
                    details=None if number % 2 else VideoDetails(),
                )
                for number in range(5)
            ],
        )

    def test_an_empty_index_has_nothing_old(self, index: VideoIndex) -> None:
        assert index.freshness() == Freshness(videos=0, without_details=0, oldest=None)
        assert index.without_details(10) == []
        assert index.stalest(10, NOON) == []

    @pytest.mark.usefixtures("five")
    def test_freshness_counts_and_names_the_oldest_refresh(self, index: VideoIndex) -> None:
        assert index.freshness() == Freshness(videos=5, without_details=2, oldest=NOON)

    @pytest.mark.usefixtures("five")
    def test_without_details_come_those_first_seen_longest_ago(self, index: VideoIndex) -> None:
        assert index.without_details(10) == ["v3", "v1"]
        assert index.without_details(1) == ["v3"]

    @pytest.mark.usefixtures("five")
    def test_the_stalest_come_first_and_none_that_is_fresh_enough(self, index: VideoIndex) -> None:
        assert index.stalest(10, NOON + timedelta(days=3)) == ["v0", "v1", "v2"]
        assert index.stalest(2, NOON + timedelta(days=3)) == ["v0", "v1"]
        assert index.stalest(10, NOON) == []

    @pytest.mark.usefixtures("five")
    def test_what_was_refreshed_or_removed_is_not_asked_for_again(self, index: VideoIndex) -> None:
        first = stored(index, "v1")
        refreshed = first.video.model_copy(
            update={"refreshed_at": NOON + timedelta(days=9), "details": VideoDetails(duration_s=1)}
        )

        index.write([Write(refreshed, first.version), Delete("v0", stored(index, "v0").version)])

        latest = NOON + timedelta(days=99)
        await_condition(lambda: index.stalest(10, latest) == ["v2", "v3", "v4", "v1"])
        assert index.without_details(10) == ["v3"]
        assert index.freshness() == Freshness(videos=4, without_details=1, oldest=NOON + timedelta(days=2))


class OrderContract:
    """Dates, paging and counts."""

    @pytest.fixture
    def hundred(self, index: VideoIndex) -> list[Video]:
        videos = [
            a_video(
                f"video-{number:03}",
                f"Number {number}",
                published_at=NOON + timedelta(minutes=number // 2),
                subjects=("even" if number % 2 == 0 else "odd",),
                channel_id=f"UC{number % 3}",
            )
            for number in range(100)
        ]
        fill(index, videos)
        return videos

    def test_newest_first_and_oldest_first_are_each_others_reverse(
        self, index: VideoIndex, hundred: list[Video]
    ) -> None:
        ids = [video.video_id for video in hundred]

        oldest = index.search(SearchRequest(sort=Sort.OLDEST, limit=100))
        newest = index.search(SearchRequest(sort=Sort.NEWEST, limit=100))

        assert [video.published_at for video in oldest.videos] == [video.published_at for video in hundred]
        assert [video.video_id for video in newest.videos] == [video.video_id for video in reversed(oldest.videos)]
        assert sorted(video.video_id for video in oldest.videos) == ids

    def test_pages_join_to_the_whole(self, index: VideoIndex, hundred: list[Video]) -> None:
        whole = index.search(SearchRequest(limit=100)).videos

        pages = [index.search(SearchRequest(offset=offset, limit=7)) for offset in range(0, 105, 7)]

        assert [video for page in pages for video in page.videos] == list(whole)
        assert {page.total for page in pages} == {100}

    def test_a_page_past_the_end_is_empty_and_still_counts(self, index: VideoIndex, hundred: list[Video]) -> None:
        answer = index.search(SearchRequest(offset=100, limit=10))

        assert answer.videos == ()
        assert (answer.total, answer.relation) == (100, "eq")

    def test_a_page_far_past_the_end_is_empty_and_still_counts(self, index: VideoIndex, hundred: list[Video]) -> None:
        answer = index.search(SearchRequest(offset=1_000_000, limit=50))

        assert answer.videos == ()
        assert answer.total == 100

    @pytest.mark.parametrize(
        ("after", "before"),
        [(10, 20), (10, 10), (None, 3), (47, None), (-5, 500), (60, 90)],
    )
    def test_both_ends_of_a_date_range_are_included(
        self, index: VideoIndex, hundred: list[Video], after: int | None, before: int | None
    ) -> None:
        low = None if after is None else NOON + timedelta(minutes=after)
        high = None if before is None else NOON + timedelta(minutes=before)
        expected = {
            video.video_id
            for video in hundred
            if (low is None or video.published_at >= low) and (high is None or video.published_at <= high)
        }

        answer = index.search(SearchRequest(published_after=low, published_before=high, limit=100))

        assert {video.video_id for video in answer.videos} == expected
        assert answer.total == len(expected)

    def test_subject_and_channel_narrow(self, index: VideoIndex, hundred: list[Video]) -> None:
        expected = {video.video_id for video in hundred if "odd" in video.subjects and video.channel_id == "UC1"}

        answer = index.search(SearchRequest(subject="odd", channel="UC1", limit=100))

        assert {video.video_id for video in answer.videos} == expected
        assert index.search(SearchRequest(subject="od")).total == 0

    def test_filters_and_words_go_together(self, index: VideoIndex, hundred: list[Video]) -> None:
        request = SearchRequest(
            question=parse_question("number -6"),
            published_before=NOON + timedelta(minutes=3),
            subject="even",
            sort=Sort.OLDEST,
        )

        answer = index.search(request)

        assert [video.title for video in answer.videos] == ["Number 0", "Number 2", "Number 4"]

    def test_relevance_pages_join_to_the_whole(self, index: VideoIndex) -> None:
        titles = ["Lion king", "King of the lion", "The lion", "Nothing"] * 6
        fill(
            index,
            [
                a_video(
                    f"v{number:02}",
                    title,
                    description="about a lion and a king" if number % 2 else "a lion, king of all",
                    published_at=NOON + timedelta(seconds=number),
                )
                for number, title in enumerate(titles)
            ],
        )
        question = parse_question("lion king")
        whole = index.search(SearchRequest(question=question, sort=Sort.RELEVANCE, limit=50))

        pages = [
            index.search(SearchRequest(question=question, sort=Sort.RELEVANCE, offset=offset, limit=5))
            for offset in range(0, 30, 5)
        ]

        assert [video for page in pages for video in page.videos] == list(whole.videos)
        assert whole.total == len(whole.videos) == 24
        assert {page.total for page in pages} == {24}


class WordsContract:
    """What `q` finds, in every script."""

    @pytest.fixture
    def library(self, index: VideoIndex) -> None:
        fill(
            index,
            [
                a_video("french", "L’été à l'École : Œuvre n°1", channel_title="Élodie"),
                a_video("english", "Running videos for runners", description="The quick brown fox"),
                a_video("football", "Football highlights", description="All the goals of the match"),
                a_video("japanese", "東京タワーの夜景", channel_title="旅行チャンネル"),
                a_video("tokyo-parts", "京都から東へ"),
                a_video("russian", "Новости: Ёлка в Москве"),
                a_video("arabic", "أخبار مُحَمَّد اليوم"),
                a_video("hindi", "हिन्दी समाचार आज"),
                a_video("thai", "สวัสดีครับทุกคน"),
                a_video("korean", "서울 여행 브이로그"),
                a_video("greek", "Η Δοκιμή της Ελλάδας"),
                a_video("emoji", "Fire 🔥 show"),
                a_video("tagged", "Untitled", details=VideoDetails(tags=("sailing boat", "harbour"))),
                a_video("order", "brown quick fox"),
            ],
        )

    @pytest.mark.usefixtures("library")
    @pytest.mark.parametrize(
        ("q", "expected"),
        [
            pytest.param("ete ecole", {"french"}, id="diacritics folded in the text"),
            pytest.param("ÉTÉ ÉCOLE", {"french"}, id="case and diacritics folded in the query"),
            pytest.param("l'ecole", {"french"}, id="an apostrophe joins two words"),
            pytest.param("oeuvre", {"french"}, id="ligatures"),
            pytest.param("elodie", {"french"}, id="the channel is searched"),
            pytest.param("run video", {"english"}, id="English endings of verbs and plurals"),
            pytest.param("fox quick", {"english", "order"}, id="words in any order"),
            pytest.param('"quick brown fox"', {"english"}, id="a phrase in its order"),
            pytest.param('"brown fox"', {"english"}, id="a phrase has no gap"),
            pytest.param('"quick brown', None, id="an open quote is refused"),
            pytest.param("quick -running", {"order"}, id="a word excluded"),
            pytest.param('fox -"quick brown"', {"order"}, id="a phrase excluded"),
            pytest.param("foot", {"football"}, id="the beginning of the last word"),
            pytest.param("highlight foo", {"football"}, id="only the last word may be unfinished"),
            pytest.param("foo highlight", set(), id="a word before the last must be whole"),
            pytest.param('"foot"', set(), id="a phrase is never unfinished"),
            pytest.param("東京", {"japanese"}, id="Han characters next to each other"),
            pytest.param("タワー", {"japanese"}, id="Katakana inside a run"),
            pytest.param("夜景 東京", {"japanese"}, id="two runs in any order"),
            pytest.param("旅行", {"japanese"}, id="Han in the channel"),
            pytest.param("елка", {"russian"}, id="Cyrillic without its dots"),
            pytest.param("МОСКВЕ", {"russian"}, id="Cyrillic case"),
            pytest.param("محمد", {"arabic"}, id="Arabic without vowel points"),
            pytest.param("समाचार", {"hindi"}, id="Devanagari keeps its vowels"),
            pytest.param("ครับ", {"thai"}, id="Thai inside a run"),
            pytest.param("여행", {"korean"}, id="Hangul"),
            pytest.param("서", {"korean"}, id="the beginning of a Hangul word"),
            pytest.param("δοκιμη", {"greek"}, id="Greek without tonos"),
            pytest.param("🔥", {"emoji"}, id="an emoji"),
            pytest.param("sail harbour", {"tagged"}, id="tags are searched"),
            pytest.param('"boat harbour"', set(), id="a phrase does not run from one tag into the next"),
            pytest.param('"runners channel"', set(), id="a phrase does not run from title into channel"),
            pytest.param("nothing like this", set(), id="no match"),
            pytest.param("title:fox (quick) OR* ~2 ^3 [a TO b] \\ /x/ &&", set(), id="syntax of engines is text"),
        ],
    )
    def test_words(self, index: VideoIndex, q: str, expected: set[str] | None) -> None:
        if expected is None:
            with pytest.raises(QuestionError, match="not closed"):
                parse_question(q)
        else:
            assert set(found(index, q)) == expected

    @pytest.mark.usefixtures("library")
    def test_only_exclusions_give_all_the_rest(self, index: VideoIndex) -> None:
        ids = found(index, "-channel")

        assert set(ids) == {"french", "japanese"}

    def test_relevance_is_title_in_order_then_title_then_channel_then_the_rest(self, index: VideoIndex) -> None:
        fill(
            index,
            [
                a_video("description", "Pets", description="a red panda", published_at=NOON + timedelta(days=9)),
                a_video("channel", "Red things", channel_title="Panda TV", published_at=NOON + timedelta(days=8)),
                a_video("apart", "The panda is red", published_at=NOON + timedelta(days=1)),
                a_video("newer-apart", "Panda, very red", published_at=NOON + timedelta(days=2)),
                a_video("in-order", "My red panda", published_at=NOON - timedelta(days=900)),
                a_video("prefix-only", "red pandas and a pandabear", description="", published_at=NOON),
                a_video("beginning", "red pandabear", published_at=NOON + timedelta(days=10)),
            ],
        )

        assert found(index, "red panda") == [
            "prefix-only",  # "pandas" is the word "panda" in the plural
            "in-order",
            "newer-apart",
            "apart",
            "channel",
            "beginning",
            "description",
        ]

    def test_without_words_relevance_is_newest_first(self, index: VideoIndex) -> None:
        fill(index, [a_video("old"), a_video("new", published_at=NOON + timedelta(days=1))])

        answer = index.search(SearchRequest(sort=Sort.RELEVANCE))

        assert [video.video_id for video in answer.videos] == ["new", "old"]


class IndexContract(DocumentsContract, RemovalContract, FreshnessContract, OrderContract, WordsContract):
    """All of it."""


def closing(index: VideoIndex) -> Iterator[VideoIndex]:
    with index:
        index.ensure()
        yield index
