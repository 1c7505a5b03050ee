#!/bin/sh
# A search as a feed, printed when there is something new in it: sh examples/feed.sh 'street food' FILE
# FILE remembers what was seen.
set -eu
words=${1:?"usage: sh examples/feed.sh 'street food' FILE"}
seen=${2:?"usage: sh examples/feed.sh 'street food' FILE"}
url=${TOPICREEL_URL:-http://127.0.0.1:8000}

curl -sS --fail --etag-compare "$seen" --etag-save "$seen" --get "$url/feed.atom" --data-urlencode "q=$words"
