#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Publishes to a channel, or subscribes to it and resumes after each disconnect, over TCP. Needs bash and nc.
#
#     ./nc.sh subscribe localhost:8889 news [position]
#     ./nc.sh publish localhost:8889 news '{"price":7}'
set -euo pipefail

# Seconds after which a connection counts as dead. The service sends a heartbeat every 25 s.
silence=60

# Sends a command on a new connection, and hands every event to `take`, until the connection ends or `take` says so.
follow() {
  exec {stream}< <(exec nc "${service%:*}" "${service##*:}" <<<"$1")
  local nc=$!
  while IFS= read -r -t "$silence" -u "$stream" event && take; do :; done
  kill "$nc" 2>/dev/null || true
  exec {stream}<&-
}

# Prints every message once and in order, whatever happens to the connection.
subscribe() {
  position=${1:-}
  while true; do
    follow "{\"type\":\"subscribe\",\"channel\":\"$channel\"${position:+,\"from\":\"$position\"}}"
    pause
  done
}

# Prints the position. Repeats the command until it is answered; the key keeps the service from accepting it twice.
publish() {
  local key
  key=$(date +%s)-$$-$RANDOM
  position=
  until [[ -n $position ]]; do
    follow "{\"type\":\"publish\",\"channel\":\"$channel\",\"data\":$1,\"key\":\"$key\"}"
    [[ -n $position ]] || pause
  done
  echo "$position"
}

# Takes an event. False if nothing has to follow.
take() {
  case $event in
    '{"type":"message",'*)
      [[ $event =~ \"data\":(.*),\"time\":\"[^\"]*\"\}$ ]]
      local data=${BASH_REMATCH[1]}
      keep
      echo "$position $data"
      ;;
    '{"type":"subscribed",'*'"resumed":true}')
      [[ -n $position ]] || keep
      failures=0
      ;;
    '{"type":"subscribed",'* | '{"type":"gap",'*)
      echo 'Messages were lost' >&2
      keep
      ;;
    '{"type":"published",'*)
      keep
      return 1
      ;;
    '{"type":"error",'*'"code":"limit"'* | '{"type":"error",'*'"code":"unavailable"'* | *'"code":"draining"'*) return 1 ;;
    '{"type":"error",'* | '{"type":"goodbye",'*)
      echo "$event" >&2
      exit 1
      ;;
  esac
}

keep() {
  [[ $event =~ \"position\":\"([^\"]+)\" ]]
  position=${BASH_REMATCH[1]}
}

# Waits for a random time, so that the clients of a restarted service do not all return at once.
pause() {
  local limit=$((failures < 5 ? 500 << failures : 10000))
  failures=$((failures + 1))
  sleep "$(printf '%d.%03d' $((RANDOM % limit / 1000)) $((RANDOM % (limit < 1000 ? limit : 1000))))"
}

service=$2 channel=$3 failures=0
"$1" "${@:4}"
