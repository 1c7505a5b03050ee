"""The newest videos of a search out of its feed: `python examples/feed.py "street food"`."""

import json
import os
import sys
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen
from xml.etree import ElementTree

URL = os.environ.get("TOPICREEL_URL", "http://127.0.0.1:8000")
WORDS = sys.argv[1] if len(sys.argv) > 1 else sys.exit(__doc__)
ATOM = {"atom": "http://www.w3.org/2005/Atom"}

try:
    with urlopen(f"{URL}/feed.atom?{urlencode({'q': WORDS})}") as answer:
        feed = ElementTree.parse(answer)
except HTTPError as error:
    # Every error is a problem (RFC 9457), whose detail says what was wrong.
    sys.exit(json.load(error)["detail"])
for entry in feed.iterfind("atom:entry", ATOM):
    print(entry.findtext("atom:published", "", ATOM), entry.findtext("atom:title", "", ATOM))
