#!/bin/sh
# A search as a feed, printed when there is something new in it: sh examples/feed.sh 'street food' FILE
# FILE remembers what was seen.
set -eu
url=${TOPICREEL_URL:-http://127.0.0.1:8000}

curl -sS --fail --etag-compare "$2" --etag-save "$2" --get "$url/feed.atom" --data-urlencode "q=$1"
