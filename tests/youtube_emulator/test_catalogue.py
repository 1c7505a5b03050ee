import gzip
import json
from pathlib import Path

import pytest

from youtube_emulator.catalogue import read_catalogue
from youtube_emulator.errors import CatalogueError
from youtube_emulator.times import format_time

LEAST = {"videoId": "abc", "publishedAt": "2017-11-13T17:32:55Z", "title": 'Tea & "cake"'}


def write(path: Path, *records: object, gzipped: bool = False) -> Path:
    lines = [record if isinstance(record, bytes) else json.dumps(record).encode() for record in records]
    content = b"".join(line + b"\n" for line in lines)
    path.write_bytes(gzip.compress(content) if gzipped else content)
    return path


def test_a_whole_record_is_read(tmp_path: Path):
    more = {
        "channelTitle": "C",
        "description": "D",
        "tags": ["t"],
        "categoryId": "23",
        "viewCount": 3,
        "likeCount": 2,
    }
    catalogue = read_catalogue(write(tmp_path / "a.jsonl", {**LEAST, **more, "commentCount": 0, "other": 1}))

    (video,) = catalogue.videos
    assert (video.id, format_time(video.published), video.title) == ("abc", LEAST["publishedAt"], LEAST["title"])
    assert (video.channel_title, video.description, video.tags, video.category_id) == ("C", "D", ("t",), "23")
    assert (video.views, video.likes, video.comments) == (3, 2, 0)


def test_all_but_three_fields_may_be_absent_or_null(tmp_path: Path):
    nulls = dict.fromkeys(("channelTitle", "description", "tags", "categoryId", "viewCount", "observedOn"))
    catalogue = read_catalogue(write(tmp_path / "a", LEAST, {**LEAST, "videoId": "b", **nulls}))

    assert [(video.tags, video.views) for video in catalogue.videos] == [((), None), ((), None)]


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl"])
def test_gzip_is_told_by_content(tmp_path: Path, name: str):
    assert len(read_catalogue(write(tmp_path / name, LEAST, gzipped=True)).videos) == 1
    assert len(read_catalogue(write(tmp_path / name, LEAST, gzipped=False)).videos) == 1


@pytest.mark.parametrize(
    ("days", "served"),
    [
        (("2017-11-14", "2017-11-15"), 1),
        (("2017-11-15", "2017-11-14"), 0),
        (("2017-11-14", "2017-11-14"), 1),
        (("2017-11-14", None), 1),
        ((None, "2017-11-14"), 1),
    ],
)
def test_the_newest_sighting_of_a_video_is_served(tmp_path: Path, days: tuple[str | None, str | None], served: int):
    sightings = [{**LEAST, "viewCount": place, "observedOn": day} for place, day in enumerate(days)]
    catalogue = read_catalogue(write(tmp_path / "a", *sightings))

    assert catalogue.sightings == 2
    assert [video.views for video in catalogue.videos] == [served]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"{", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[]", "is no JSON object"),
        ({**LEAST, "videoId": None}, "lacks videoId, which is needed: a string is accepted"),
        ({**LEAST, "videoId": "a b"}, "has a videoId other than letters"),
        ({**LEAST, "title": 3}, "has a title that is no string"),
        ({**LEAST, "publishedAt": "yesterday"}, "has a publishedAt that is no time: a time as RFC 3339 has it"),
        ({**LEAST, "tags": "a,b"}, "has tags that are no list of strings"),
        ({**LEAST, "viewCount": -1}, "has a viewCount that is no count: a whole number from 0 on is accepted"),
        ({**LEAST, "likeCount": True}, "has a likeCount that is no count"),
        ({**LEAST, "observedOn": "today"}, "has an observedOn that is no date"),
    ],
)
def test_a_line_that_is_no_video_is_refused_by_file_and_number(tmp_path: Path, line: object, problem: str):
    path = write(tmp_path / "a.jsonl", LEAST, b"", line)

    with pytest.raises(CatalogueError) as refused:
        read_catalogue(path)

    assert str(refused.value).startswith(f"{path}: line 3 {problem}")
    assert "--skip-bad-lines" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_bad_lines_can_be_left_out(tmp_path: Path):
    told: list[str] = []
    catalogue = read_catalogue(write(tmp_path / "a", b"{", LEAST, b"null"), told.append)

    assert len(catalogue.videos) == 1
    assert [text.split(": ")[1][:6] for text in told] == ["line 1", "line 3"]


def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path):
    broken = tmp_path / "broken.gz"
    broken.write_bytes(gzip.compress(json.dumps(LEAST).encode() * 100)[:-20])
    for path, problem in [
        (tmp_path / "none", "cannot be read: No such file"),
        (tmp_path, "cannot be read: Is a directory"),
        (write(tmp_path / "empty"), "holds no video"),
        (write(tmp_path / "empty.gz", gzipped=True), "holds no video"),
        (broken, "starts like a gzip file but is not a whole one"),
    ]:
        with pytest.raises(CatalogueError, match=f"{path}: {problem}"):
            read_catalogue(path)
