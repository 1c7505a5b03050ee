from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.video_index.contract import IndexContract, a_video, closing, fill
from tests.video_index.relevance import RelevanceContract
from tests.video_index.searching_contract import SearchingContract
from video_index import IndexSetupError, IndexUnavailableError, SearchRequest, VideoIndex, Write, parse_question
from video_index.embedded import FORMAT, EmbeddedIndex


@pytest.fixture
def index(tmp_path: Path) -> Iterator[VideoIndex]:
    yield from closing(EmbeddedIndex(tmp_path / "index"))


class TestEmbeddedIndex(IndexContract, SearchingContract, RelevanceContract):
    pass


def test_documents_survive_closing_and_opening(tmp_path: Path) -> None:
    with EmbeddedIndex(tmp_path / "index") as index:
        fill(index, [a_video("a")])

    with EmbeddedIndex(tmp_path / "index") as index:
        assert index.search(SearchRequest()).total == 1


def test_a_second_writer_is_told_to_go_elsewhere(tmp_path: Path) -> None:
    with EmbeddedIndex(tmp_path / "index") as first, EmbeddedIndex(tmp_path / "index") as second:
        first.ensure()

        with pytest.raises(IndexUnavailableError, match="another process writes"):
            second.ensure()


def test_a_reader_beside_the_writer_sees_every_commit_at_once(tmp_path: Path) -> None:
    with EmbeddedIndex(tmp_path / "index") as writer, EmbeddedIndex(tmp_path / "index") as reader:
        writer.ensure()
        for number in range(1, 11):
            writer.write([Write(a_video(f"{number}"), None)])

            assert reader.search(SearchRequest()).total == number


@pytest.mark.parametrize("number", [FORMAT - 1, FORMAT + 1])
def test_files_of_another_format_are_refused_with_what_to_do(tmp_path: Path, number: int) -> None:
    EmbeddedIndex(tmp_path / "index").close()
    (tmp_path / "index" / "FORMAT").write_text(f"{number}")

    with pytest.raises(IndexSetupError, match="use the version that wrote it"):
        EmbeddedIndex(tmp_path / "index")


def test_an_unfinished_word_of_any_length_can_be_asked_for(tmp_path: Path) -> None:
    with EmbeddedIndex(tmp_path / "index") as index:
        long = "\U00010330" * 250
        fill(index, [a_video("a", title=f"A word: {long}")])

        found = index.search(SearchRequest(question=parse_question(long)))

        assert [video.video_id for video in found.videos] == ["a"]
