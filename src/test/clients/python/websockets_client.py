"""websockets, with the compression that it offers by default."""

import asyncio
import json
import sys

import websockets

from scenario import run

way, http, echo, lines, channel = sys.argv[1:]
service = f"ws://127.0.0.1:{http}"


class Client:
    async def echo(self, text):
        async with websockets.connect(service + "/echo") as socket:
            await socket.send(text)
            return await socket.recv()

    async def subscribe(self, position):
        socket = await websockets.connect(service + "/channels", subprotocols=["holdfast.v1"])
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
