from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest

from tests.query_api.service import Service, problem
from tests.video_index.contract import NOON, a_video, fill

FEEDS = ["/feed.atom", "/feed.rss"]
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = '<script>alert("&")</script> \x00\x08\x1b]]> 東京 🔥'


def read(service: Service, path: str, **parameters: str) -> Any:
    """The feed as a feed reader understands it, which must find nothing wrong with it."""
    answer = service.client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    parsed = feedparser.parse(answer.content, response_headers={"content-type": answer.headers["content-type"]})
    assert not parsed.bozo, parsed.bozo_exception
    return parsed


def ids(parsed: Any) -> list[str]:
    return [entry.link.partition("v=")[2] for entry in parsed.entries]


@pytest.mark.parametrize(("path", "version"), [("/feed.atom", "atom10"), ("/feed.rss", "rss20")])
def test_a_feed_is_what_it_says(library: Service, path: str, version: str) -> None:
    parsed = read(library, path, q="number")

    assert parsed.version == version
    assert parsed.feed.title == "topicreel: number"
    assert len(parsed.entries) == 50


@pytest.mark.parametrize("path", FEEDS)
def test_it_gives_the_newest_first_also_for_words(library: Service, path: str) -> None:
    parsed = read(library, path, q="number", limit="3")

    assert ids(parsed) == ["video-99", "video-98", "video-97"]


@pytest.mark.parametrize("path", FEEDS)
def test_it_takes_the_filters_and_orders_of_a_search(library: Service, path: str) -> None:
    filters = {"subject": "odd", "channel": "UC1", "published_after": "2026-03-01T12:05:00Z", "sort": "oldest"}

    assert ids(read(library, path, **filters))[:3] == ["video-07", "video-13", "video-19"]


@pytest.mark.parametrize("path", FEEDS)
def test_an_entry_tells_title_channel_times_text_and_thumbnail(service: Service, path: str) -> None:
    told = NOON + timedelta(hours=1)
    fill(service.index, [a_video("-a_b", "Été 🎬", description="one\n<two>", updated_at=told)])

    [entry] = read(service, path).entries

    assert entry.title == "Été 🎬"
    assert entry.link == entry.id == "https://www.youtube.com/watch?v=-a_b"
    assert entry.author == "Channel one"
    assert entry.published_parsed[:6] == (2026, 3, 1, 12, 0, 0)
    assert "one" in entry.summary
    assert "&lt;two&gt;" in entry.summary or entry.summary == "one\n<two>"
    [thumbnail] = entry.media_thumbnail
    assert thumbnail == {"url": "https://i.ytimg.com/vi/x/default.jpg", "width": "120", "height": "90"}


@pytest.mark.parametrize("path", FEEDS)
def test_texts_are_escaped_and_rid_of_what_xml_cannot_hold(service: Service, path: str) -> None:
    fill(service.index, [a_video("a", HOSTILE, description=HOSTILE, channel_title=HOSTILE)])

    root = ElementTree.fromstring(service.client.get(path, params={"q": '"東京" OR <b>&'}).content)  # noqa: S314 - our own

    titles = [element.text for element in root.iter() if element.tag.endswith("title")]
    assert titles[1] == '<script>alert("&")</script> ]]> 東京 🔥'
    assert not [element for element in root.iter() if element.tag == "script"]


def test_a_description_is_plain_text_in_the_html_of_rss(service: Service) -> None:
    fill(service.index, [a_video("a", description="<img src=x onerror=alert(1)>\nline")])

    root = ElementTree.fromstring(service.client.get("/feed.rss").content)  # noqa: S314 - our own

    assert root.findtext("channel/item/description") == "&lt;img src=x onerror=alert(1)&gt;<br>\nline"


@pytest.mark.parametrize("path", FEEDS)
def test_it_names_itself_and_the_page_with_the_same_filters(library: Service, path: str) -> None:
    parsed = read(library, path, q="number 1", limit="2")

    links = {link.rel: link.href for link in parsed.feed.links}
    assert links["self"] == f"http://localhost{path}?q=number+1&limit=2"
    assert links["alternate"] == "http://localhost/?q=number+1"


def test_ids_stay_the_same_whatever_the_service_is_called(library: Service) -> None:
    here = read(library, "/feed.atom", q="x", subject="odd").feed.id
    there = library.client.get("http://127.0.0.1/feed.atom?limit=9&subject=odd&q=x").content
    other = read(library, "/feed.atom", q="y", subject="odd").feed.id

    assert feedparser.parse(there).feed.id == here != other


def test_a_feed_is_as_new_as_its_newest_text(service: Service) -> None:
    later = NOON + timedelta(days=1)
    fill(service.index, [a_video("a", updated_at=later), a_video("b")])

    root = ElementTree.fromstring(service.client.get("/feed.atom").content)  # noqa: S314 - our own

    assert root.findtext(f"{ATOM}updated") == "2026-03-02T12:00:00Z"


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_without_a_video_is_valid_too(library: Service, path: str) -> None:
    assert read(library, path, q="nothing-has-this").entries == []


@pytest.mark.parametrize("path", FEEDS)
def test_who_has_it_already_is_told_so(library: Service, path: str) -> None:
    before = library.client.get(path)

    again = library.client.get(path, headers={"If-None-Match": before.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == before.headers["etag"]


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"another"'},
        # Not heeded: a video may come late, with an older time.
        {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    ],
)
def test_who_has_another_or_cannot_say_gets_it(library: Service, path: str, headers: dict[str, str]) -> None:
    assert library.client.get(path, headers=headers).status_code == 200


def test_a_new_video_is_a_new_feed(service: Service) -> None:
    fill(service.index, [a_video("a")])
    before = service.client.get("/feed.atom")

    fill(service.index, [a_video("b")])

    known = {"If-None-Match": before.headers["etag"]}
    assert service.client.get("/feed.atom", headers=known).status_code == 200


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize(
    ("parameter", "value"), [("q", '"open'), ("published_after", "soon"), ("limit", "51"), ("page", "2"), ("x", "1")]
)
def test_a_feed_of_an_invalid_search_is_a_problem(library: Service, path: str, parameter: str, value: str) -> None:
    problem(library.client.get(path, params={parameter: value}), 422, parameter)


@pytest.mark.parametrize("path", FEEDS)
def test_the_documented_example_names_its_own_path(library: Service, path: str) -> None:
    operation = library.client.get("/openapi.json").json()["paths"][path]["get"]

    [content] = operation["responses"]["200"]["content"].values()
    assert f"http://127.0.0.1:8000{path}?q=street+food" in content["example"]
