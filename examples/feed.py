"""The newest videos of a search out of its feed: `python examples/feed.py "street food"`."""

import os
import sys
from urllib.parse import urlencode
from urllib.request import urlopen
from xml.etree import ElementTree

URL = os.environ.get("TOPICREEL_URL", "http://127.0.0.1:8000")
ATOM = {"atom": "http://www.w3.org/2005/Atom"}

with urlopen(f"{URL}/feed.atom?{urlencode({'q': sys.argv[1]})}") as answer:
    feed = ElementTree.parse(answer)
for entry in feed.iterfind("atom:entry", ATOM):
    print(entry.findtext("atom:published", "", ATOM), entry.findtext("atom:title", "", ATOM))
