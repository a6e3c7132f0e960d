#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# openssl s_client, with raw TCP and the channel protocol in lines, over TLS.
set -euo pipefail

echo_port=$3
lines_port=$4
channel=$5

connect() {
  coproc TLS { exec openssl s_client -quiet -no_ign_eof -nocommands -connect "localhost:$1" 2>/dev/null; }
}

send() {
  echo "{$1,\"channel\":\"$channel\"}" >&"${TLS[1]}"
}

# Ends the input of s_client, which sends close_notify then. A subscriber that only ended its side could still read.
leave() {
  [[ -z ${1:-} ]] || { send "$1" && read_until '"type":"unsubscribed"'; }
  local pid=$TLS_PID
  exec {TLS[1]}>&-
  wait "$pid"
}

# Prints events until there was one that contains a text; keeps the position of the last message.
read_until() {
  local line=
  until [[ $line == *"$1"* ]]; do
    read -r line <&"${TLS[0]}"
    echo "$line"
    if [[ $line == '{"type":"message",'* && $line =~ \"position\":\"([^\"]+)\" ]]; then
      position=${BASH_REMATCH[1]}
    fi
  done
}

read -r text
connect "$echo_port"
echo "$text" >&"${TLS[1]}"
read -r echoed <&"${TLS[0]}"
echo "{\"type\":\"echoed\",\"data\":\"$echoed\"}"
leave

read -r data
connect "$lines_port"
send '"type":"subscribe"'
read_until '"type":"subscribed"'
send "\"type\":\"publish\",\"data\":$data"
read_until '"type":"published"'
[[ -n ${position:-} ]] || read_until '"type":"message"'
leave '"type":"unsubscribe"'
echo '{"type":"left"}'

read -r
connect "$lines_port"
send "\"type\":\"subscribe\",\"from\":\"$position\""
read_until '"last":true'
leave '"type":"unsubscribe"'
