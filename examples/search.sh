#!/bin/sh
# Every video of a search, page by page: sh examples/search.sh 'street food'
set -eu
words=${1:?"usage: sh examples/search.sh 'street food'"}
url=${TOPICREEL_URL:-http://127.0.0.1:8000}
cursor=

while :; do
    page=$(curl -sS --fail-with-body --get "$url/search" --data-urlencode "q=$words" --data limit=50 \
        ${cursor:+--data-urlencode "cursor=$cursor"}) || { printf '%s\n' "$page" >&2; exit 1; }
    printf '%s\n' "$page" | jq -r '.items[] | "\(.published_at) \(.url) \(.title)"'
    cursor=$(printf '%s\n' "$page" | jq -r '.next_cursor // empty')
    if [ -z "$cursor" ]; then break; fi
done
