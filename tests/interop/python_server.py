# SPDX-License-Identifier: GPL-3.0-or-later
"""Python websockets as a server for our client: the same paths and the same lines as ws_server.mjs, in its own defaults."""

import asyncio
import http
import json
import time
import urllib.parse

import websockets


def say(**what):
    print(json.dumps(what), flush=True)


everyone = set()


async def ticks(socket):
    number = 0
    while True:
        await asyncio.sleep(0.05)
        number += 1
        await socket.send(f"tick {number}")


async def handle(socket):
    url = urllib.parse.urlsplit(socket.path)
    say(saw="connection", path=socket.path, origin=socket.request_headers.get("Origin"),
        extensions=", ".join(extension.name for extension in socket.extensions))
    everyone.add(socket)
    ticking = asyncio.create_task(ticks(socket)) if url.path == "/broadcast" else None
    try:
        if url.path == "/close":
            await socket.close(int(url.query), "as asked")
        async for message in socket:
            if url.path == "/echo":
                await socket.send(message)
            elif url.path == "/broadcast":
                websockets.broadcast(everyone, message)
            elif url.path == "/feed":
                request = json.loads(message)
                if request["type"] != "subscribe":
                    continue
                topics = [{"topic": topic, "epoch": "e", "offset": 0} for topic in request["topics"]]
                await socket.send(json.dumps({"type": "subscribed", "id": request["id"], "topics": topics}))
                for offset in range(1, 21):
                    await socket.send(json.dumps({
                        "type": "event", "topic": request["topics"][0], "offset": offset, "time": time.time(),
                        "data": {"symbol": "AAPL", "price": 100 + offset / 8, "size": 1}}))
    except websockets.ConnectionClosed:
        pass
    finally:
        everyone.discard(socket)
        if ticking:
            ticking.cancel()
        say(saw="close", code=socket.close_code, reason=socket.close_reason)


async def refuse(path, _headers):
    if path == "/refuse":
        return http.HTTPStatus.FORBIDDEN, [], b"no\n"
    return None


async def main():
    async with websockets.serve(handle, "127.0.0.1", 0, subprotocols=["feedscope.v1"], process_request=refuse) as server:
        say(url=f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        await asyncio.Future()


asyncio.run(main())
