#!/bin/sh
# New videos of a search as they are found: sh examples/stream.sh 'street food'
set -eu
words=${1:?"usage: sh examples/stream.sh 'street food'"}
url=${TOPICREEL_URL:-http://127.0.0.1:8000}

curl -sS --fail --no-buffer --get "$url/stream" --data-urlencode "q=$words" | while IFS= read -r line; do
    case $line in
        'data: '*) printf '%s\n' "${line#data: }" | jq -r '"\(.published_at) \(.url) \(.title)"' ;;
    esac
done
