"""Follows a subject: `python examples/follow.py "street food"`.

Where the service has an ADMIN_TOKEN, it has to be in the environment.
"""

import json
import os
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen

URL = os.environ.get("TOPICREEL_URL", "http://127.0.0.1:8000")
WORDS = sys.argv[1] if len(sys.argv) > 1 else sys.exit(__doc__)
TOKEN = os.environ.get("ADMIN_TOKEN")

headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {TOKEN}"} if TOKEN else {})}
body = json.dumps({"query": WORDS}).encode()
try:
    with urlopen(Request(f"{URL}/subjects", body, headers)) as answer:
        subject = json.load(answer)
except HTTPError as error:
    # Every error is a problem (RFC 9457), whose detail says what was wrong.
    sys.exit(json.load(error)["detail"])
print(subject["id"], "since", subject["since"])
