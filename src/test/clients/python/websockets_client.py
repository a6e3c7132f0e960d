# SPDX-License-Identifier: Apache-2.0
"""websockets, with compression."""

import asyncio
import json
import sys

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

from scenario import run

way, http, echo, lines, channel = sys.argv[1:]
service = f"ws://127.0.0.1:{http}"

# The options of connect: what it offers by default, or the largest window, by its number.
COMPRESSION = {
    "websocket": {},
    "window-of-15-bits": {
        "compression": None,
        "extensions": [ClientPerMessageDeflateFactory(server_max_window_bits=15)],
    },
}


class Client:
    async def echo(self, text):
        offered = ["first", "second"]
        async with websockets.connect(service + "/echo", subprotocols=offered, **COMPRESSION[way]) as socket:
            assert socket.subprotocol == "first"
            await socket.send(text)
            return await socket.recv()

    async def subscribe(self, position):
        socket = await websockets.connect(service + "/channels", subprotocols=["holdfast.v1"], **COMPRESSION[way])
        assert socket.subprotocol == "holdfast.v1"
        subscription = Subscription(socket)
        await subscription.command("subscribe", **({"from": position} if position else {}))
        return subscription


class Subscription:
    def __init__(self, socket):
        self.socket = socket

    async def command(self, name, **fields):
        await self.socket.send(json.dumps({"type": name, "channel": channel, **fields}))

    async def next(self):
        return json.loads(await self.socket.recv())

    async def publish(self, data):
        await self.command("publish", data=data)

    async def close(self):
        await self.socket.close()


asyncio.run(run(Client()))
