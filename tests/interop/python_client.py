# SPDX-License-Identifier: GPL-3.0-or-later
"""Python websockets as a client of our server: python_client.py feed|echo|chat|close|refused ws://127.0.0.1:PORT"""

import asyncio
import json
import sys

import websockets


def check(condition, text):
    if not condition:
        sys.exit(f"FAIL {text}")


def equal(actual, expected, what):
    check(actual == expected, f"{what}: expected {str(expected)[:200]!r}, got {str(actual)[:200]!r}")


async def until(socket, wanted, what):
    for _ in range(2000):
        message = json.loads(await asyncio.wait_for(socket.recv(), 10))
        if wanted(message):
            return message
    sys.exit(f"FAIL 2000 messages and none of them is {what}")


def of_type(kind):
    return lambda message: message["type"] == kind


async def feed(url):
    async with websockets.connect(url + "/feed", subprotocols=["feedscope.v1"]) as socket:
        equal(socket.subprotocol, "feedscope.v1", "subprotocol")
        equal(json.loads(await socket.recv())["type"], "welcome", "the first message")
        await socket.send(json.dumps({"type": "subscribe", "id": 1, "topics": ["market.AAPL"]}))
        subscribed = await until(socket, of_type("subscribed"), "subscribed")
        equal([topic["topic"] for topic in subscribed["topics"]], ["market.AAPL"], "topics")
        offset = subscribed["topics"][0]["offset"]
        for _ in range(5):
            event = await until(socket, of_type("event"), "an event")
            equal((event["topic"], event["offset"]), ("market.AAPL", offset + 1), "topic and offset")
            offset = event["offset"]
            check(event["data"]["symbol"] == "AAPL" and event["data"]["price"] > 0, f"data: {event['data']}")
            print(json.dumps(event))
        await socket.send(json.dumps({"type": "unsubscribe", "id": 2, "topics": ["market.AAPL"]}))
        await socket.send(json.dumps({"type": "time", "id": 3}))
        times = await until(socket, of_type("time"), "the time")
        check(times["id"] == 3 and times["received"] <= times["sent"], f"time: {times}")


async def echo(url):
    async with websockets.connect(url + "/echo") as socket:
        big = bytes((index * 7) & 0xFF for index in range(65536))
        for payload in ("Hello", "Grüße, 世界 🌍", "", bytes([0, 1, 254, 255]), b"", *(big[:size] for size in (125, 126, 65535, 65536))):
            await socket.send(payload)
            equal(await socket.recv(), payload, f"{len(payload)} of {type(payload).__name__}")
        # An iterable is sent as fragments.
        await socket.send(["frag", "", "ments ", "世界"])
        equal(await socket.recv(), "fragments 世界", "fragments of text")
        await socket.send([big[:10], big[10:70], big[70:300]])
        equal(await socket.recv(), big[:300], "fragments of bytes")
        for payload in (b"", b"x" * 125):
            pong = await socket.ping(payload)
            await asyncio.wait_for(pong, 10)
    async with websockets.connect(url + "/echo?prefix=Echo:%20") as socket:
        await socket.send("Hello")
        equal(await socket.recv(), "Echo: Hello", "prefix")


async def chat(url):
    async with websockets.connect(url + "/chat") as alice, websockets.connect(url + "/chat") as bob:
        def presence(part, user):
            return lambda message: message["type"] == "presence" and user in json.dumps(message.get(part, []))

        await alice.send(json.dumps({"type": "join", "room": "general", "user": "Alice"}))
        await until(alice, presence("joined", "Alice"), "her own joining")
        await bob.send(json.dumps({"type": "join", "room": "general", "user": "Bob"}))
        await until(alice, presence("joined", "Bob"), "Bob joining")
        await alice.send(json.dumps({"type": "message", "text": "Hello"}))
        for socket in (alice, bob):
            message = await until(socket, of_type("message"), "the message")
            equal((message["room"], message["user"], message["text"]), ("general", "Alice", "Hello"), "the message")
        await bob.close()
        await until(alice, presence("left", "Bob"), "Bob leaving")


async def close(url):
    for code, reason in ((1000, "bye"), (1000, ""), (3000, "ours to use"), (4999, "ünïcode")):
        socket = await websockets.connect(url + "/echo")
        await socket.close(code, reason)
        equal((socket.close_code, socket.close_reason), (code, reason), "the echo of the close frame")
    async with websockets.connect(url + "/echo") as socket:
        await socket.send(bytes(1024 * 1024 + 1))
        try:
            await asyncio.wait_for(socket.recv(), 10)
        except websockets.ConnectionClosed:
            pass
        equal(socket.close_code, 1009, "a message of more than 1 MiB")


async def refused(url):
    for what, path, headers, origin, expected in (
            ("another path", "/nope", {}, None, 404), ("a foreign origin", "/feed", {}, "https://attacker.example", 403)):
        try:
            async with websockets.connect(url + path, extra_headers=headers, origin=origin):
                check(False, f"{what} was let in")
        except websockets.InvalidStatusCode as refusal:
            equal(refusal.status_code, expected, what)
    async with websockets.connect(url + "/feed", subprotocols=["nobody.knows.this"]) as socket:
        equal(socket.subprotocol, None, "a subprotocol that is not ours is not agreed to")
    async with websockets.connect(url + "/feed", origin=url.replace("ws:", "http:")) as socket:
        equal(json.loads(await socket.recv())["type"], "welcome", "our own origin is let in")


CASES = {case.__name__: case for case in (feed, echo, chat, close, refused)}

asyncio.run(asyncio.wait_for(CASES[sys.argv[1]](sys.argv[2]), 45))
print(f"PASS {sys.argv[1]}")
