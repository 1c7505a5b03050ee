"""What every index must find, count and suggest, beyond `contract.py`; the same test modules run all of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas import Video, VideoDetails
from tests.video_index.contract import NOON, a_video, await_condition, await_total, fill, found, stored
from video_index import (
    Count,
    Delete,
    Facet,
    Interval,
    IntervalError,
    Position,
    QuestionError,
    SearchRequest,
    Sort,
    VideoIndex,
    Write,
    parse_question,
)

LIVE = ("none", "live", "upcoming")


def ids(index: VideoIndex, **asked: object) -> list[str]:
    answer = index.search(SearchRequest(limit=100, **asked))  # type: ignore[arg-type]
    assert answer.total == len(answer.documents)
    assert answer.next is None
    return [document["video_id"] for document in answer.documents]


def walk(index: VideoIndex, request: SearchRequest) -> Iterator[list[str]]:
    """The ids of one page after another, each behind the position that the one before gave."""
    after: Position | None = None
    while True:
        answer = index.search(replace(request, after=after))
        yield [document["video_id"] for document in answer.documents]
        assert len(answer.positions) == len(answer.documents)
        if answer.next is None:
            return
        assert answer.next == answer.positions[-1]
        after = answer.next


def joined(index: VideoIndex, request: SearchRequest) -> list[str]:
    return [video_id for page in walk(index, request) for video_id in page]


def sixty() -> list[Video]:
    """Pandas and others, one every 7 hours: two subjects, four channels, all states, and many views alike."""
    return [
        a_video(
            f"v{number:02}",
            f"Red panda number {number % 7}" if number % 3 else f"Of red things, number {number % 5}",
            published_at=NOON + timedelta(hours=7 * number),
            channel_id=f"UC{number % 4}",
            channel_title=f"Panda channel {number % 4}",
            subjects=("all", "even") if number % 2 == 0 else ("all",),
            live_broadcast_content=LIVE[number % 3],
            details=VideoDetails(duration_s=10 * number, view_count=number % 3 if number % 4 else None)
            if number % 5
            else None,
        )
        for number in range(60)
    ]


class PositionsContract:
    """Going on from a position."""

    @pytest.fixture
    def videos(self, index: VideoIndex) -> list[Video]:
        fill(index, videos := sixty())
        return videos

    @pytest.mark.parametrize("q", [None, "panda", "red number", "title:things OR panda -title:4"])
    def test_pages_by_position_and_pages_by_offset_and_a_scan_are_the_same(
        self, index: VideoIndex, videos: list[Video], q: str | None
    ) -> None:
        for sort in Sort:
            request = SearchRequest(question=parse_question(q) if q else None, sort=sort, limit=7)
            whole = ids(index, question=request.question, sort=sort)

            by_offset = [index.search(replace(request, offset=offset)).documents for offset in range(0, 63, 7)]

            assert joined(index, request) == whole
            assert [document["video_id"] for page in by_offset for document in page] == whole
            assert [document["video_id"] for document in index.scan(request)] == whole

    def test_the_most_views_come_first_then_the_newest_and_the_unknown_last(
        self, index: VideoIndex, videos: list[Video]
    ) -> None:
        def place(video: Video) -> tuple[int, datetime]:
            views = video.details.view_count if video.details is not None else None
            return (-1 if views is None else views, video.published_at)

        expected = [video.video_id for video in sorted(videos, key=place, reverse=True)]

        assert ids(index, sort=Sort.VIEWS) == expected

    def test_totals_and_facets_are_of_the_whole_search_on_every_page(
        self, index: VideoIndex, videos: list[Video]
    ) -> None:
        request = SearchRequest(subject="even", limit=20, facets=frozenset({Facet.CHANNELS}))
        first = index.search(request)

        second = index.search(replace(request, after=first.next))

        assert (first.total, second.total) == (30, 30)
        assert first.facets == second.facets
        assert first.next is not None
        assert second.next is None

    @pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST, Sort.RELEVANCE])
    def test_what_arrives_or_goes_between_pages_shifts_nothing(
        self, index: VideoIndex, videos: list[Video], sort: Sort
    ) -> None:
        request = SearchRequest(question=parse_question("red"), sort=sort, limit=9)
        before = ids(index, question=request.question, sort=sort)
        pages = walk(index, request)
        seen = next(pages)

        for number, page in enumerate(pages):
            newer, older = NOON + timedelta(days=90, hours=number), NOON - timedelta(days=90, hours=number)
            index.write(
                [
                    Write(a_video(f"new{number}", "Red panda", published_at=newer), None),
                    Write(a_video(f"old{number}", "Red panda", published_at=older), None),
                    Delete(page[0], stored(index, page[0]).version),
                ]
            )
            await_total(index, SearchRequest(), at_least=61 + number)
            seen += page

        assert len(seen) == len(set(seen))
        assert [video_id for video_id in seen if video_id.startswith("v")] == before

    @pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST])
    def test_however_far_apart_videos_are_pages_have_each_of_them_once(self, index: VideoIndex, sort: Sort) -> None:
        now = datetime.now(UTC).replace(microsecond=0)
        places_s = (
            -9_000_000,
            -3_000,
            0,
            0,
            0,
            1,
            8,
            9,
            100,
            5_000,
            40_000,
            250_000,
            300_000,
            4_000_000,
            900_000_000,
        )
        fill(
            index,
            [
                a_video(f"v{number:02}", published_at=now - timedelta(seconds=place_s))
                for number, place_s in enumerate(places_s)
            ],
        )

        for limit in (1, 2, 4, 15):
            request = SearchRequest(sort=sort, limit=limit)
            by_offset = [index.search(replace(request, offset=offset)) for offset in range(0, 15, limit)]

            joined_pages = joined(index, request)

            assert joined_pages == [each["video_id"] for page in by_offset for each in page.documents]
            moments = [places_s[int(video_id[1:])] for video_id in joined_pages]
            assert moments == sorted(places_s, reverse=sort is Sort.OLDEST)
            assert {page.total for page in by_offset} == {15}

    def test_a_position_behind_the_last_result_has_nothing_behind_it(
        self, index: VideoIndex, videos: list[Video]
    ) -> None:
        for sort in Sort:
            request = SearchRequest(question=parse_question("number"), sort=sort, limit=60)
            answer = index.search(request)

            beyond = index.search(replace(request, after=answer.positions[-1]))

            assert (beyond.documents, beyond.next, beyond.total) == ((), None, 60)


class QuestionsContract:
    """Alternatives, fields, lengths, and whether it is live."""

    @pytest.fixture
    def languages(self, index: VideoIndex) -> None:
        fill(
            index,
            [
                a_video("zig", "Live zig", channel_title="Rust belt"),
                a_video("rust", "Live rust", description="no zig at all"),
                a_video("go", "Live go", description="Rust and Zig, the news"),
                a_video("rustic", "Rustic bread", channel_title="Baking news"),
            ],
        )

    @pytest.mark.usefixtures("languages")
    @pytest.mark.parametrize(
        ("q", "expected"),
        [
            pytest.param("zig OR bread", {"zig", "rust", "go", "rustic"}, id="one of two"),
            pytest.param("bread|go", {"go", "rustic"}, id="a bar without spaces"),
            pytest.param("live zig OR bread", {"zig", "rust", "go"}, id="OR binds closer than a space"),
            pytest.param("bread OR go OR belt", {"go", "rustic", "zig"}, id="one of three"),
            pytest.param('"live go" OR "rustic bread"', {"go", "rustic"}, id="one of two phrases"),
            pytest.param("(go OR bread) -live", {"rustic"}, id="brackets are punctuation"),
            pytest.param("OR bread OR", {"rustic"}, id="an OR that joins nothing"),
            pytest.param("bread or go", set(), id="a small or is a word"),
            pytest.param('bread "OR" go', set(), id="a quoted OR is a word"),
            pytest.param("title:zig", {"zig"}, id="in the title"),
            pytest.param("TITLE:Zig", {"zig"}, id="names of fields in any case"),
            pytest.param("channel:rust", {"zig"}, id="in the channel"),
            pytest.param('title:"live rust"', {"rust"}, id="a phrase in the title"),
            pytest.param('channel:"live rust"', set(), id="a phrase that is not in the channel"),
            pytest.param("rust -title:rust", {"zig", "go"}, id="not in the title"),
            pytest.param('news -channel:"baking news"', {"go"}, id="not a phrase in the channel"),
            pytest.param("title:rust", {"rust", "rustic"}, id="the last word may be unfinished in its field"),
            pytest.param("title:rust live", {"rust"}, id="a word before the last may not"),
            pytest.param("channel:be", {"zig"}, id="the beginning of a word of the channel"),
            pytest.param("title:zig OR channel:news", {"zig", "rustic"}, id="one of two fields"),
            pytest.param("description:zig", set(), id="another name is text"),
        ],
    )
    def test_questions(self, index: VideoIndex, q: str, expected: set[str]) -> None:
        assert set(found(index, q)) == expected

    @pytest.mark.parametrize("endings", [3, 40], ids=["few words begin so", "many words begin so"])
    def test_an_unfinished_word_finds_every_word_that_begins_so(self, index: VideoIndex, endings: int) -> None:
        begun = [f"runes{chr(97 + number % 26)}{number}" for number in range(endings)]
        others = ("Running", "Ran", "Rural", "Brunes")
        fill(index, [a_video(f"v{number}", f"Of {title}") for number, title in enumerate((*begun, "Runs", *others))])

        answer = index.search(SearchRequest(parse_question("of run"), limit=100))
        in_title = index.search(
            SearchRequest(parse_question("title:rune OR title:run"), sort=Sort.RELEVANCE, limit=2)
        )

        assert {document["title"] for document in answer.documents} == {f"Of {each}" for each in begun} | {
            "Of Runs",
            "Of Running",
        }
        assert in_title.total == answer.total == endings + 2

    def test_relevance_with_alternatives_and_fields(self, index: VideoIndex) -> None:
        fill(
            index,
            [
                a_video("described", "Pets", description="pandas", published_at=NOON + timedelta(days=9)),
                a_video("channel", "Pets", channel_title="Koala TV", published_at=NOON + timedelta(days=8)),
                a_video("title", "A koala", published_at=NOON),
                a_video("newer", "A panda", published_at=NOON + timedelta(days=1)),
            ],
        )

        assert found(index, "panda OR koala") == ["newer", "title", "channel", "described"]
        assert found(index, "title:panda OR channel:koala") == ["channel", "newer"]

    def test_lengths_are_included_at_both_ends_and_the_unknown_are_in_none(self, index: VideoIndex) -> None:
        fill(
            index,
            [a_video(f"v{length}", details=VideoDetails(duration_s=length)) for length in (0, 60, 61, 3600)]
            + [a_video("unknown", details=VideoDetails()), a_video("not-looked-up")],
        )

        assert set(ids(index, min_duration_s=60)) == {"v60", "v61", "v3600"}
        assert set(ids(index, max_duration_s=60)) == {"v0", "v60"}
        assert set(ids(index, min_duration_s=1, max_duration_s=61)) == {"v60", "v61"}
        assert ids(index, min_duration_s=2**31 - 1) == []

    def test_no_video_has_a_length_where_none_was_looked_up(self, index: VideoIndex) -> None:
        fill(index, [a_video("a")])

        assert ids(index, min_duration_s=0) == []

    def test_live_and_upcoming(self, index: VideoIndex) -> None:
        fill(index, [a_video(each, live_broadcast_content=each) for each in LIVE])

        assert [ids(index, live=each) for each in LIVE] == [["none"], ["live"], ["upcoming"]]


class CountingContract:
    """Facets, timelines and channels."""

    def test_facets_count_what_matches(self, index: VideoIndex) -> None:
        fill(index, sixty())

        answer = index.search(SearchRequest(question=parse_question("panda"), limit=1, facets=frozenset(Facet)))

        assert answer.total == 60  # the channels' names hold the word
        assert answer.facets[Facet.SUBJECTS] == (Count("all", 60), Count("even", 30))
        assert answer.facets[Facet.CHANNELS] == tuple(
            Count(f"UC{number}", 15, f"Panda channel {number}") for number in range(4)
        )
        days = answer.facets[Facet.DAYS]
        assert days[0] == Count("2026-03-18", 3)
        assert days[-1] == Count("2026-03-01", 2)
        assert sum(day.count for day in days) == 60

    def test_facets_are_counted_only_when_asked_for(self, index: VideoIndex) -> None:
        fill(index, [a_video("a")])

        assert index.search(SearchRequest()).facets == {}
        assert index.search(SearchRequest(facets=frozenset({Facet.DAYS}))).facets == {
            Facet.DAYS: (Count("2026-03-01", 1),)
        }

    def test_where_nothing_matches_there_is_nothing_to_count(self, index: VideoIndex) -> None:
        fill(index, [a_video("a")])
        nothing = SearchRequest(subject="none", facets=frozenset(Facet))

        assert index.search(nothing).facets == dict.fromkeys(Facet, ())
        assert index.channels(nothing, 5).channels == ()
        assert index.timeline(nothing).buckets == ()
        assert index.timeline(nothing).total == 0

    def test_a_channel_has_the_title_of_its_newest_video(self, index: VideoIndex) -> None:
        names = ["Old name", "Old name", "New name", "Other"]
        fill(
            index,
            [
                a_video(
                    f"v{number}",
                    channel_title=name,
                    channel_id="UCtwo" if name == "Other" else "UCone",
                    published_at=NOON + timedelta(days=number),
                )
                for number, name in enumerate(names)
            ],
        )

        channels = index.channels(SearchRequest(published_before=NOON), 5).channels

        assert channels == (Count("UCone", 1, "New name"),)

    def test_channels_with_the_most_videos_come_first_and_equals_by_their_id(self, index: VideoIndex) -> None:
        owners = ["UCc", "UCa", "UCb", "UCb"]
        fill(index, [a_video(f"v{number}", channel_id=owner) for number, owner in enumerate(owners)])

        found = index.channels(SearchRequest(), 2)

        assert [(channel.value, channel.count) for channel in found.channels] == [("UCb", 2), ("UCa", 1)]
        assert found.total == 4

    def test_of_many_equals_those_with_the_first_ids_are_told(self, index: VideoIndex) -> None:
        numbers = [number * 37 % 300 for number in range(300)]
        videos = [a_video(f"v{number:03}", channel_id=f"UC{number:03}") for number in numbers]
        more = a_video("more", channel_id="UC299")
        for part in (videos[:150], videos[150:], [more]):
            index.write([Write(video, None) for video in part])
        await_total(index, SearchRequest(), at_least=301)

        found = index.channels(SearchRequest(), 3).channels

        assert [(channel.value, channel.count) for channel in found] == [("UC299", 2), ("UC000", 1), ("UC001", 1)]
        [facet] = index.search(SearchRequest(facets=frozenset({Facet.CHANNELS}))).facets.values()
        assert [channel.value for channel in facet] == ["UC299", *(f"UC{number:03}" for number in range(19))]

    @pytest.mark.parametrize(
        ("interval", "expected"),
        [
            (Interval.HOUR, {"2026-03-01T23:00": 1, "2026-03-02T00:00": 1, "2026-03-02T01:00": 0}),
            (Interval.DAY, {"2026-03-01T00:00": 1, "2026-03-02T00:00": 1, "2026-03-03T00:00": 0}),
            (Interval.WEEK, {"2026-02-23T00:00": 1, "2026-03-02T00:00": 1, "2026-03-09T00:00": 1}),
            (Interval.MONTH, {"2026-03-01T00:00": 3}),
        ],
    )
    def test_a_timeline_has_every_interval_from_the_first_match_to_the_last(
        self, index: VideoIndex, interval: Interval, expected: dict[str, int]
    ) -> None:
        # Monday's first second is another day and week than the second before it.
        seconds = (datetime(2026, 3, 1, 23, 59, 59), datetime(2026, 3, 2), datetime(2026, 3, 9, 12))
        fill(index, [a_video(f"v{each:%d}", published_at=each.replace(tzinfo=UTC)) for each in seconds])

        timeline = index.timeline(SearchRequest(), interval)

        starts = [start for start, _ in timeline.buckets]
        assert starts == sorted(set(starts))
        buckets = {f"{start:%Y-%m-%dT%H:%M}": count for start, count in timeline.buckets}
        assert {start: buckets[start] for start in expected} == expected
        assert (sum(buckets.values()), timeline.total) == (3, 3)

    def test_a_timeline_chooses_an_interval_that_gives_few_buckets(self, index: VideoIndex) -> None:
        fill(index, [a_video("first")])
        spans = {Interval.HOUR: 8, Interval.DAY: 150, Interval.WEEK: 1_300, Interval.MONTH: 4_000}

        chosen = {}
        for number, days in enumerate(spans.values()):
            index.write([Write(a_video(f"v{number}", published_at=NOON + timedelta(days=days)), None)])
            await_total(index, SearchRequest(), at_least=number + 2)
            chosen[index.timeline(SearchRequest()).interval] = days

        assert chosen == spans

    def test_a_timeline_of_too_many_intervals_is_refused(self, index: VideoIndex) -> None:
        fill(index, [a_video("a"), a_video("b", published_at=NOON + timedelta(days=90))])

        with pytest.raises(IntervalError, match="2161 intervals of one hour: at most 2000"):
            index.timeline(SearchRequest(), Interval.HOUR)


class SuggestionsContract:
    """Titles and channels while somebody types."""

    @pytest.fixture
    def streets(self, index: VideoIndex) -> None:
        fill(
            index,
            [
                a_video("old", "Street food", channel_id="UCone", channel_title="Foodies"),
                a_video("new", "Street food", channel_title="Foodies", published_at=NOON + timedelta(days=1)),
                a_video("forum", "A forum on the street", published_at=NOON - timedelta(days=1)),
                a_video("streets", "Streets", description="food", published_at=NOON - timedelta(days=2)),
                a_video("ete", "Été", channel_id="UCtwo", channel_title="Food street"),
                a_video("more", "Others", channel_id="UCtwo", channel_title="Food street"),
                a_video("most", "Others too", channel_id="UCtwo", channel_title="Food street"),
            ],
        )

    @pytest.mark.usefixtures("streets")
    @pytest.mark.parametrize(
        ("text", "titles", "channels"),
        [
            ("street fo", ["new", "forum"], ["UCtwo"]),
            ("fo", ["new", "forum"], ["UCtwo", "UCone"]),
            ("food", ["new"], ["UCtwo", "UCone"]),
            ("stre", ["new", "forum", "streets"], ["UCtwo"]),
            ("ÉT", ["ete"], []),
            ("fo street", [], []),
            ("nothing", [], []),
            ("", [], []),
            (" ... ", [], []),
        ],
    )
    def test_all_words_the_last_one_as_a_beginning(
        self, index: VideoIndex, text: str, titles: list[str], channels: list[str]
    ) -> None:
        found = index.suggest(text, 5)

        assert [video_id for _, video_id in found.titles] == titles
        assert [channel.value for channel in found.channels] == channels

    @pytest.mark.usefixtures("streets")
    def test_no_more_than_asked_for_with_their_texts(self, index: VideoIndex) -> None:
        found = index.suggest("fo", 1)

        assert found.titles == (("Street food", "new"),)
        assert found.channels == (Count("UCtwo", 3, "Food street"),)


class SpellingContract:
    """Words that occur nowhere, and those that are meant."""

    @pytest.fixture
    def dictionary(self, index: VideoIndex) -> None:
        titles = ["Panda house", "A house", "A mouse", "Horses running", "Photography", "Kubernetes", "Été à Zürich"]
        titles.append("A tile")
        fill(index, [a_video(f"v{number}", title) for number, title in enumerate(titles)])

    @pytest.mark.usefixtures("dictionary")
    @pytest.mark.parametrize(
        ("text", "used"),
        [
            pytest.param("pnda", "panda", id="a letter left out"),
            pytest.param("pamda", "panda", id="a letter replaced"),
            pytest.param("paanda", "panda", id="a letter too many"),
            pytest.param("padna", "panda", id="two letters exchanged"),
            pytest.param("qanda", "panda", id="the first letter"),
            pytest.param("pnada hose", "panda house", id="of equals the one in the most videos"),
            pytest.param("Pnda -House", "panda -House", id="the rest stays as it was typed"),
            pytest.param("panda hosue", "panda house", id="words that occur stay"),
            pytest.param("title:pamda OR kubernetse", "title:panda OR kubernetes", id="fields and alternatives"),
            pytest.param('"pamda house"', '"panda house"', id="in a phrase"),
            pytest.param("fotografphy", None, id="three edits are too many"),
            pytest.param("photografy", "photography", id="two edits of a long word"),
            pytest.param("zurihc", "zurich", id="diacritics are folded"),
            pytest.param("panad", "panda", id="the last word"),
            pytest.param("pdaxa", None, id="two edits of a short word"),
            pytest.param("huse", "house", id="four letters are enough"),
            pytest.param("hou", None, id="three are not"),
            pytest.param("runs hors", None, id="stems and beginnings occur"),
            pytest.param("-pamda", None, id="what is excluded is not wanted"),
            pytest.param('pamda -pamda -"pamda x"', 'panda -pamda -"pamda x"', id="exclusions stay"),
            pytest.param("title title:pamda", "tile title:panda", id="the name of a field"),
            pytest.param("“pamda house”", "“panda house”", id="curly quotes"),
            pytest.param("kubernetse photog", "kubernetes photog", id="a beginning of a longer word"),
            pytest.param("photog", None, id="a beginning alone"),
            pytest.param("xchannel:panda", None, id="what would become a field"),
            pytest.param("xchannel:?", None, id="what would become nothing"),
            pytest.param("pamda東京", None, id="written together with another script"),
            pytest.param("panda", None, id="nothing is misspelt"),
            pytest.param("pndaぁ", None, id="a word written together with one of another script"),
            pytest.param(f"panad {' '.join(f'{n:04}' for n in range(10))}", None, id="too much is unknown"),
        ],
    )
    def test_respelling(self, index: VideoIndex, text: str, used: str | None) -> None:
        assert index.respell(text) == used

    def test_a_word_that_was_removed_occurs_no_more(self, index: VideoIndex) -> None:
        fill(index, [a_video("a", "Elephant"), a_video("b", "Elephand")])
        index.write([Delete("a", stored(index, "a").version)])
        await_condition(lambda: index.search(SearchRequest()).total == 1)

        assert index.respell("elephant") == "elephand"


PIECES = (
    "OR",
    "|",
    '"',
    "-",
    "title:",
    "channel:",
    "panda",
    "pnda",
    "kubernetse",
    " ",
    "東京",
    "🔥",
    "\\",
    "*",
    "?",
    "ß",
)
TEXTS = st.text(max_size=60) | st.lists(st.sampled_from([*PIECES, "x" * 300, "🔥" * 40]), max_size=20).map("".join)


class AnyTextContract:
    """What nobody thought of."""

    @pytest.fixture
    def one(self, index: VideoIndex) -> None:
        fill(index, [a_video("one", "Red panda 東京 🔥 Kubernetes", description="Straße")])

    @pytest.mark.usefixtures("one")
    @given(TEXTS, st.sampled_from(Sort))
    @settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
    def test_any_text_has_an_answer_or_a_named_error(self, index: VideoIndex, text: str, sort: Sort) -> None:
        assert len(index.suggest(text, 3).titles) <= 1
        try:
            question = parse_question(text)
        except QuestionError:
            return
        answer = index.search(SearchRequest(question=question, sort=sort))
        used = index.respell(text)

        assert answer.total == len(answer.documents) <= 1
        assert used is None or parse_question(used) != question


class SearchingContract(
    PositionsContract, QuestionsContract, CountingContract, SuggestionsContract, SpellingContract, AnyTextContract
):
    """All of it."""
