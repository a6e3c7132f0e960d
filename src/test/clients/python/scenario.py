# SPDX-License-Identifier: Apache-2.0
"""What every client in Python does. A client has echo(text) and subscribe(position), which gives a subscription with
next(), publish(data) and close()."""

import asyncio
import json
import sys

seen = set()
position = None


def show(event):
    """Prints an event, and keeps what the scenario has to know of it."""
    global position
    print(json.dumps(event, ensure_ascii=False), flush=True)
    seen.add(event["type"])
    if event["type"] == "message":
        position = event["position"]
        if event["data"].get("last"):
            seen.add("last")


async def read_until(subscription, *types):
    while not seen.issuperset(types):
        show(await subscription.next())


async def read_line():
    line = await asyncio.to_thread(sys.stdin.readline)
    return line.rstrip("\n")


async def run(client):
    show({"type": "echoed", "data": await client.echo(await read_line())})

    data = json.loads(await read_line())
    subscription = await client.subscribe(None)
    await read_until(subscription, "subscribed")
    await subscription.publish(data)
    await read_until(subscription, "published", "message")
    await subscription.close()
    show({"type": "left"})

    await read_line()
    subscription = await client.subscribe(position)
    await read_until(subscription, "last")
    await subscription.close()
