#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# nc, with raw TCP and the channel protocol in lines.
set -euo pipefail

echo_port=$3
lines_port=$4
channel=$5

subscribe() {
  coproc NC { exec nc -N 127.0.0.1 "$lines_port"; }
  send "\"type\":\"subscribe\"$1"
}

send() {
  echo "{$1,\"channel\":\"$channel\"}" >&"${NC[1]}"
}

# Sends a FIN, and waits for the service's: for a subscriber the service keeps the other direction.
leave() {
  send '"type":"unsubscribe"'
  local nc=$NC_PID
  exec {NC[1]}>&-
  wait "$nc"
}

# Prints events until there was one that contains a text; keeps the position of the last message.
read_until() {
  local line=
  until [[ $line == *"$1"* ]]; do
    read -r line <&"${NC[0]}"
    echo "$line"
    if [[ $line == '{"type":"message",'* && $line =~ \"position\":\"([^\"]+)\" ]]; then
      position=${BASH_REMATCH[1]}
    fi
  done
}

read -r text
echo "{\"type\":\"echoed\",\"data\":\"$(printf %s "$text" | nc -N 127.0.0.1 "$echo_port")\"}"

read -r data
subscribe ''
read_until '"type":"subscribed"'
send "\"type\":\"publish\",\"data\":$data"
read_until '"type":"published"'
[[ -n ${position:-} ]] || read_until '"type":"message"'
leave
echo '{"type":"left"}'

read -r
subscribe ",\"from\":\"$position\""
read_until '"last":true'
leave
