#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Publishes to a channel, or subscribes to it and resumes after each disconnect. Needs bash and curl (7.76 or later).
#
#     ./curl.sh subscribe http://localhost:8080 news [position]
#     ./curl.sh publish http://localhost:8080 news '{"price":7}'
set -euo pipefail

# Seconds after which a connection counts as dead. The service sends a heartbeat every 25 s.
silence=60

# Prints every message once and in order, whatever happens to the connection.
subscribe() {
  position=${1:-} failures=0
  while true; do
    # The last line is the status of the answer. Of a refusal it follows a line of JSON.
    exec {stream}< <(exec curl -sSN -w '\nstatus: %{http_code}\n' -G ${position:+--data-urlencode "from=$position"} "$url")
    local curl=$! name= id= data= problem=
    while IFS= read -r -t "$silence" -u "$stream" line; do
      case $line in
        'event: '*) name=${line#event: } ;;
        'id: '*) id=${line#id: } ;;
        'data: '*) data+=${line#data: }$'\n' ;;
        '') [[ -z $data ]] || { take; name= data=; } ;;
        '{'*) problem=$line ;;
        'status: 429') ;;
        'status: 4'*) end "$problem" ;;
      esac
    done
    kill "$curl" 2>/dev/null || true
    exec {stream}<&-
    pause
  done
}

# An event is complete: only now its position counts.
take() {
  data=${data%$'\n'}
  case $name in
    welcome) failures=0 ;;
    gap) echo 'Messages were lost' >&2 ;;
    goodbye) [[ $data == *'"draining"'* ]] || end "The service closed the connection: $data" ;;
    *) echo "$id $data" ;;
  esac
  position=$id
}

# Prints the position. curl repeats the request until it is answered; the key keeps the service from accepting it twice.
publish() {
  local answer
  answer=$(curl -sS -w '\n%{http_code}' --max-time 10 --retry 100 --retry-all-errors --retry-max-time 600 \
    -H 'Content-Type: application/json' -H "Idempotency-Key: $(date +%s)-$$-$RANDOM" --data-raw "$1" "$url")
  [[ $answer == *$'\n'20? && $answer =~ '"position":"'([^\"]+) ]] || end "$answer"
  echo "${BASH_REMATCH[1]}"
}

end() {
  echo "$1" >&2
  exit 1
}

# Waits for a random time, so that the clients of a restarted service do not all return at once.
pause() {
  local limit=$((failures < 5 ? 500 << failures : 10000))
  failures=$((failures + 1))
  sleep "$(printf '%d.%03d' $((RANDOM % limit / 1000)) $((RANDOM % (limit < 1000 ? limit : 1000))))"
}

url=$2/channels/$3
"$1" "${@:4}"
