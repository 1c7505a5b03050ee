"""Thirty questions over real videos, each with the one that a person who asks so means."""

import gzip
import json
from collections.abc import Iterator

import pytest

from schemas import Video, VideoDetails
from tests.pipeline.catalogue import REAL_VIDEOS
from tests.video_index.contract import a_video, await_total, fill
from video_index import SearchRequest, Sort, VideoIndex, Write, parse_question

MEANT = {
    "trump john oliver": "1ZAPwfrtAFY",
    "bostondynamics new": "kgaO45SyaO4",
    "spotmini": "kgaO45SyaO4",
    "everything wrong with wonder woman": "ve3oQBjcAGI",
    "minecraft 17 choses": "GjwiF2NbCtI",
    "remake pires films": "13-HAaEzbBw",
    "detroit pistons": "GMhnzyZUXko",
    "papy inshape clip": "Rd8UD7WUIr8",
    "test iphone x nowtech": "Dlu8HpTQLTs",
    "guignols beyonce": "jIOIE_QH63o",
    "aquarium eau de mer": "PxW06ZfnsXI",
    "tatouage douleur": "QKK6vJfb0Ak",
    "volcan moyen age arte": "GVKNgoDlbUk",
    '"boston celtics" hawks': "nVAjY6pQZFo",
    "nota bene metal": "orfs-U5AmjU",
    "猎场 26": "ceq1gyuh9ss",
    "chapelet 22 novembre": "K0FyST0qSLE",
    "jurassic park théories": "FLAuWnFSsBc",
    "channel:hope puppies": "zTOqI-5AK14",
    "title:burgers tokyo": "dunNND_NtMg",
    "mélenchon convention": "n9cvWeYjJ8E",
    "tigre abattu sabotage": "ovKWjCEEWJg",
    "requin plage havre": "LKM5Xwrl3-8",
    "lightroom 2018": "mQH36pFI7aw",
    "loeb rallye var -canadel": "yI6LgdOtwTA",
    "เธอคือพรหมลิขิต EP.17": "cqpQgZvBPIM",
    "الطوفان الحلقة الحادية والثلاثون": "mY2d4XWe0Ag",
    "macron burkina OR burkinabés étudiants": "AW6yRVX_AVo",
    "kawasaki z 900": "eruaA0tAwEs",
    "quick mcfirst": "XYPYhta5SzI",
}


def real_videos() -> Iterator[Video]:
    """Every video once, as it was first observed."""
    seen = set()
    with gzip.open(REAL_VIDEOS, "rt", encoding="utf-8") as lines:
        for line in lines:
            read = json.loads(line)
            if read["videoId"] in seen:
                continue
            seen.add(read["videoId"])
            yield a_video(
                read["videoId"],
                read["title"],
                description=read["description"],
                channel_title=read["channelTitle"],
                published_at=read["publishedAt"],
                details=VideoDetails(tags=tuple(read.get("tags") or ())),
            )


class RelevanceContract:
    """What is meant is among the first three."""

    # Not on the class: an index inherits it, and with it would go all of its tests.
    @pytest.mark.skipif(not REAL_VIDEOS.exists(), reason=f"there are no real videos: {REAL_VIDEOS.name} is absent")
    def test_what_is_meant_is_among_the_first_three(self, index: VideoIndex) -> None:
        videos = list(real_videos())
        fill(index, videos[:1_000])
        index.write([Write(video, None) for video in videos[1_000:]])
        await_total(index, SearchRequest(), at_least=len(videos))

        first = {
            q: [
                video.video_id
                for video in index.search(
                    SearchRequest(question=parse_question(q), sort=Sort.RELEVANCE, limit=3)
                ).videos
            ]
            for q in MEANT
        }

        missed = {q: found for q, found in first.items() if MEANT[q] not in found}
        assert not missed, missed
