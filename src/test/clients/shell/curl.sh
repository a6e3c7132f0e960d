#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# curl, with server-sent events.
set -euo pipefail

service=http://127.0.0.1:$2
channel=$service/channels/$5
position=

# Starts a stream whose lines come from the file descriptor $stream.
subscribe() {
  exec {stream}< <(exec curl -sSN --fail --max-time 60 "$@" "$channel")
  curl=$!
}

leave() {
  kill "$curl"
  exec {stream}<&-
}

# Prints the next event.
next() {
  local line event=message data=
  while read -r line <&"$stream"; do
    case $line in
      'event: '*) event=${line#event: } ;;
      'id: '*) position=${line#id: } ;;
      'data: '*) data=${line#data: } ;;
      '') [[ -z $data ]] || break ;;
    esac
  done
  [[ -n $data ]] || return 1
  [[ $event != welcome ]] || event=subscribed
  echo "{\"type\":\"$event\",\"position\":\"$position\",\"data\":$data}"
  [[ $event != message ]] || last=$data
}

read -r text
echoed=$(printf %s "$text" | curl -sS --data-binary @- "$service/echo")
echo "{\"type\":\"echoed\",\"data\":\"$echoed\"}"

read -r data
subscribe
next
published=$(curl -sS -H 'Content-Type: application/json' -d "$data" "$channel")
echo "{\"type\":\"published\",${published#\{}"
next
leave
echo '{"type":"left"}'

read -r
subscribe -H "Last-Event-ID: $position"
until [[ $last == *'"last":true'* ]]; do
  next
done
leave
