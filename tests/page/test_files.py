"""How the page's files are served."""

import httpx2
import pytest

from tests.page.running import Running


def _get(service: Running, path: str, **headers: str) -> httpx2.Response:
    return httpx2.get(f"{service.url}{path}", headers=headers, trust_env=False)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/?q=street&anything=else", "text/html; charset=utf-8"),
        ("/page/main.js", "text/javascript; charset=utf-8"),
        ("/page/style.css", "text/css; charset=utf-8"),
        ("/page/icon.svg", "image/svg+xml"),
    ],
)
def test_a_file_has_its_type_and_is_not_sent_twice(library: Running, path: str, kind: str) -> None:
    first = _get(library, path)
    assert first.status_code == 200
    assert first.headers["content-type"] == kind
    assert first.headers["cache-control"] == "no-cache"

    again = _get(library, path, **{"If-None-Match": f'"another", {first.headers["etag"]}'})

    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]


def test_a_changed_file_is_sent(library: Running) -> None:
    assert _get(library, "/page/main.js", **{"If-None-Match": 'W/"of-before"'}).status_code == 200


@pytest.mark.parametrize("path", ["/page/none.js", "/page/", "/page/..%2Ffiles.py", "/page/__init__.py"])
def test_nothing_else_is_served(library: Running, path: str) -> None:
    assert _get(library, path).status_code == 404


def test_the_page_allows_no_script_of_others(library: Running) -> None:
    policy = _get(library, "/").headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
