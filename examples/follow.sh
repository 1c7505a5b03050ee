#!/bin/sh
# Follows a subject: sh examples/follow.sh 'street food'
# Where the service has an ADMIN_TOKEN, it has to be in the environment.
set -eu
words=${1:?"usage: sh examples/follow.sh 'street food'"}
url=${TOPICREEL_URL:-http://127.0.0.1:8000}

jq -n --arg query "$words" '{$query}' | curl -sS --fail-with-body "$url/subjects" --data-binary @- \
    -H 'Content-Type: application/json' ${ADMIN_TOKEN:+-H "Authorization: Bearer $ADMIN_TOKEN"}
