# SPDX-License-Identifier: Apache-2.0
"""Publishes to a channel, or subscribes to it and resumes after each disconnect. Needs the standard library only.

    python3 example.py subscribe http://localhost:8080 news [position]
    python3 example.py publish http://localhost:8080 news '{"price":7}'
"""

import http.client
import json
import random
import sys
import time
import uuid
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

SILENCE = 60  # seconds after which a connection counts as dead; the service sends a heartbeat every 25 s

BROKEN = (OSError, http.client.HTTPException, ValueError)  # ValueError: half a line of JSON


def subscribe(url, position=None):
    """Yields every message once and in order, whatever happens to the connection."""
    failures = 0
    while True:
        query = "?" + urlencode({"from": position}) if position else ""
        try:
            with urlopen(Request(url + query, headers={"Accept": "application/x-ndjson"}), timeout=SILENCE) as stream:
                for line in filter(bytes.strip, stream):  # an empty line is a heartbeat
                    event = json.loads(line)
                    if event["type"] == "message":
                        yield event
                        position = event["position"]
                    elif event["type"] == "gap" or event["type"] == "subscribed" and not event["resumed"]:
                        print("Messages were lost", file=sys.stderr)
                        position = event["position"]
                    elif event["type"] == "subscribed":
                        position = position or event["position"]
                        failures = 0
                    elif event["type"] == "goodbye" and event["code"] != "draining":
                        sys.exit(f"The service closed the connection: {event['code']}")
        except HTTPError as refusal:
            end_if_final(refusal)
        except BROKEN:
            pass
        pause(failures)
        failures += 1


def publish(url, data):
    """Returns the position. Repeats the request until it is answered; the key keeps the service from accepting it twice."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
    failures = 0
    while True:
        try:
            with urlopen(Request(url, data.encode(), headers), timeout=10) as answer:
                return json.load(answer)["position"]
        except HTTPError as refusal:
            end_if_final(refusal)
        except BROKEN:
            pass
        pause(failures)
        failures += 1


def end_if_final(refusal):
    """The same request would be refused again, unless it was one too many or the service has a problem."""
    if refusal.code < 500 and refusal.code != 429:
        sys.exit(refusal.read().decode())


def pause(failures):
    """Waits for a random time, so that the clients of a restarted service do not all return at once."""
    time.sleep(random.uniform(0, min(10, 0.5 * 2 ** min(failures, 5))))


if __name__ == "__main__":
    command, service, channel, *rest = sys.argv[1:]
    url = f"{service}/channels/{channel}"
    if command == "publish":
        print(publish(url, *rest))
    else:
        for message in subscribe(url, *rest):
            print(message["position"], json.dumps(message["data"]), flush=True)
