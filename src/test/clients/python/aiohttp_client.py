# SPDX-License-Identifier: Apache-2.0
"""aiohttp: JSON lines over HTTP, or its WebSocket with compression."""

import asyncio
import json
import sys

import aiohttp

from scenario import run, show

way, http, echo, lines, channel = sys.argv[1:]
service = f"http://127.0.0.1:{http}"


class HttpClient:
    def __init__(self, session):
        self.session = session

    async def echo(self, text):
        async with self.session.post(service + "/echo", data=text) as answer:
            return await answer.text()

    async def subscribe(self, position):
        answer = await self.session.get(
            f"{service}/channels/{channel}",
            params={"from": position} if position else {},
            headers={"Accept": "application/x-ndjson"},
        )
        answer.raise_for_status()
        return HttpSubscription(self.session, answer)


class HttpSubscription:
    def __init__(self, session, answer):
        self.session = session
        self.answer = answer

    async def next(self):
        return json.loads(await self.answer.content.readline())

    async def publish(self, data):
        async with self.session.post(f"{service}/channels/{channel}", json=data) as answer:
            show({"type": "published", **await answer.json()})

    async def close(self):
        self.answer.close()


class WebSocketClient:
    def __init__(self, session):
        self.session = session

    async def echo(self, text):
        async with self.session.ws_connect(service + "/echo", compress=15, protocols=["first", "second"]) as socket:
            assert socket.protocol == "first"
            await socket.send_str(text)
            return await socket.receive_str()

    async def subscribe(self, position):
        socket = await self.session.ws_connect(service + "/channels", compress=15, protocols=["holdfast.v1"])
        assert socket.protocol == "holdfast.v1"
        subscription = WebSocketSubscription(socket)
        await subscription.command("subscribe", **({"from": position} if position else {}))
        return subscription


class WebSocketSubscription:
    def __init__(self, socket):
        self.socket = socket

    async def command(self, name, **fields):
        await self.socket.send_json({"type": name, "channel": channel, **fields})

    async def next(self):
        return await self.socket.receive_json()

    async def publish(self, data):
        await self.command("publish", data=data)

    async def close(self):
        await self.socket.close()


async def main():
    async with aiohttp.ClientSession() as session:
        await run(WebSocketClient(session) if way == "websocket" else HttpClient(session))


asyncio.run(main())
