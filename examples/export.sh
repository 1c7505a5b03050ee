#!/bin/sh
# All videos of a search as a file in this directory, which the service names: sh examples/export.sh 'street food'
# An export that was cut off makes curl fail.
set -eu
words=${1:?"usage: sh examples/export.sh 'street food'"}
url=${TOPICREEL_URL:-http://127.0.0.1:8000}

curl -sS --fail --remote-name --remote-header-name --get "$url/export" --data format=csv --data-urlencode "q=$words"
