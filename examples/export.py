"""Counts the videos of a search by channel, however many there are: `python examples/export.py "street food"`."""

import json
import os
import sys
from collections import Counter
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

URL = os.environ.get("TOPICREEL_URL", "http://127.0.0.1:8000")
WORDS = sys.argv[1] if len(sys.argv) > 1 else sys.exit(__doc__)

try:
    # An export that was cut off raises http.client.IncompleteRead.
    with urlopen(f"{URL}/export?{urlencode({'format': 'ndjson', 'q': WORDS})}") as lines:
        channels = Counter(json.loads(line)["channel_title"] for line in lines)
except HTTPError as error:
    # Every error is a problem (RFC 9457), whose detail says what was wrong.
    sys.exit(json.load(error)["detail"])
for channel, count in channels.most_common():
    print(count, channel)
