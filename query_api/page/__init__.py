"""The page at `/`: plain HTML, CSS and JavaScript modules, served as they lie in `static/`."""

from query_api.page.files import PageFile, read_page

__all__ = ["PageFile", "read_page"]
