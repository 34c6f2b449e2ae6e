# SPDX-License-Identifier: GPL-3.0-or-later
"""Our server and our client against implementations that are not ours: Node ws, Python websockets, Chromium.

run_interop.py CASE --cli feedscope-cli --peers FOLDER_WITH_NODE_MODULES --scratch FOLDER

A peer that is missing is a failure and not a skip: a matrix with holes shows nothing.
"""

import functools
import http.server
import json
import os
import shutil
import signal
import sys
import threading

from harness import check, check_records, equal, main
from browser import Browser

HERE = os.path.dirname(os.path.abspath(__file__))


def node(run, script, *arguments):
    program = shutil.which("node")
    check(program, "node is not installed (packaging/setup test)")
    check(os.path.exists(os.path.join(run.options.peers, "node_modules", "ws", "package.json")),
          f"the npm package ws is not in {run.options.peers} (packaging/setup test)")
    return run.start(script, [program, os.path.join(HERE, script), *arguments], env={**os.environ, "FEEDSCOPE_PEERS": run.options.peers})


def python(run, script, *arguments):
    return run.start(script, [sys.executable, "-B", "-u", os.path.join(HERE, script), *arguments])


# Peers as clients of our server.

def client_case(start, script, case, run):
    server, url = run.serve()
    peer = start(run, script, case, url)
    lines = peer.rest(45)
    equal(peer.exit_code(), 0, f"{script} {case}: exit code")
    equal(lines[-1], f"PASS {case}", "the last line")
    server.terminate()
    equal(server.exit_code(), 0, "serve: exit code after SIGTERM")


# Peers as servers of our client.

def frames_of(run, url, *options):
    """The records that connect --frames printed, and its exit code."""
    client = run.connect(url, "--frames", *options)
    records = [json.loads(line) for line in client.rest(30)]
    code = client.exit_code()
    check_records(records)
    return code, records


def messages(frames, sender):
    return [bytes.fromhex(frame["payload_hex"]) for frame in frames
            if frame["kind"] == "frame" and frame["from"] == sender and frame["opcode"] in ("text", "binary")]


def server_case(start, script, run):
    peer = start(run, script)
    url = peer.json_line()["url"]

    code, records = frames_of(run, f"{url}/feed", "--subprotocol", "feedscope.v1", "--subscribe", "market.AAPL", "--count", "5")
    equal(code, 0, "exit code")
    handshake = records[0]
    equal((handshake["response"]["status"], handshake["accept_ok"], handshake["subprotocol"]), (101, True, "feedscope.v1"), "handshake")
    check("GET /feed HTTP/1.1" == handshake["request"]["line"], f"request line: {handshake['request']['line']}")
    check(any(b'"subscribe"' in message and b"market.AAPL" in message for message in messages(records, "client")), "a subscription is sent")
    events = [json.loads(message) for message in messages(records, "server") if b'"event"' in message]
    equal([event["offset"] for event in events[:5]], [1, 2, 3, 4, 5], "offsets of the events")
    equal(peer.json_line()["path"], "/feed", "the path as the peer saw it")
    equal(peer.json_line(), {"saw": "close", "code": 1000, "reason": ""}, "how the peer saw it end")

    sends = ["Hello", "Grüße, 世界 🌍", "x" * 126, "y" * 65536]
    options = [word for text in sends for word in ("--send", text)]
    code, records = frames_of(run, f"{url}/echo", *options, "--send-binary", "0001feff", "--count", "5")
    equal(code, 0, "exit code")
    expected = [text.encode() for text in sends] + [bytes.fromhex("0001feff")]
    equal(sorted(messages(records, "client")), sorted(expected), "what was sent")
    equal(messages(records, "server"), messages(records, "client"), "what came back")
    lengths = {frame["len"]: frame["header_len"] for frame in records if frame["kind"] == "frame" and frame["from"] == "server"}
    equal((lengths[5], lengths[126], lengths[65536]), (2, 4, 10), "header lengths of unmasked frames")
    peer.json_line(), peer.json_line()

    client = run.connect(f"{url}/broadcast", "--count", "10")
    lines = client.rest(20)
    equal((client.exit_code(), lines), (0, [f"tick {number}" for number in range(1, 11)]), "ten ticks")
    peer.json_line(), peer.json_line()

    for wanted in (1000, 1011, 3001, 4000):
        code, records = frames_of(run, f"{url}/close?{wanted}", "--for", "5")
        end = records[-1]
        equal((end["kind"], end["code"], end["clean"], end["by"]), ("end", wanted, True, "server"), "the end")
        peer.json_line(), peer.json_line()

    refused = run.connect(f"{url}/refuse")
    refused.rest()
    equal(refused.exit_code(), 1, "exit code of a refused handshake")
    check("403" in refused.stderr_text(), f"standard error names the status: {refused.stderr_text()}")


def server_vanishes(run):
    """A peer that is killed: 1006, not clean, and never 1000."""
    peer = node(run, "ws_server.mjs")
    url = peer.json_line()["url"]
    client = run.connect(f"{url}/broadcast", "--frames", "--for", "20")
    records = [client.json_line(), client.json_line()]
    peer.process.send_signal(signal.SIGKILL)
    records += [json.loads(line) for line in client.rest(15)]
    check_records(records)
    end = records[-1]
    equal((end["kind"], end["code"], end["clean"]), ("end", 1006, False), "the end")
    equal(client.exit_code(), 1, "exit code")


# Chromium.

class Quiet(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        body = b"<!doctype html><meta charset=utf-8><title>a page that is not ours</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def web_server():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def with_page_js(page):
    with open(os.path.join(HERE, "page.js"), encoding="utf-8") as script:
        page.evaluate(f"globalThis.peer = {script.read()}; 1")
    return page


def chromium(run):
    port = web_server()
    server, url = run.serve("--allow-origin", f"http://127.0.0.1:{port}")
    browser = Browser(run, os.path.join(run.options.scratch, "profile"))
    page = with_page_js(browser.open(f"http://127.0.0.1:{port}/"))

    seen = page.evaluate(f"peer.feed({json.dumps(url)})")
    equal(seen["protocol"], "feedscope.v1", "subprotocol")
    equal(seen["welcome"]["type"], "welcome", "the first message")
    first = seen["subscribed"]["topics"][0]["offset"]
    equal([event["offset"] for event in seen["events"]], list(range(first + 1, first + 6)), "offsets")
    equal({event["data"]["symbol"] for event in seen["events"]}, {"AAPL"}, "symbols")
    equal((seen["close"]["code"], seen["close"]["reason"], seen["close"]["wasClean"]), (1000, "enough", True), "close event")

    seen = page.evaluate(f"peer.echo({json.dumps(url)})")
    equal(seen["answers"], ["Hello", "Grüße, 世界 🌍", "", [0, 1, 254, 255, 4], [0], [0, 7, 14, 21, 28, 35, 42, 49, 126],
                            [0, 7, 14, 21, 28, 35, 42, 49, 65536]], "echoes")
    equal((seen["close"]["code"], seen["close"]["wasClean"]), (3000, True), "close event")

    seen = page.evaluate(f"peer.chat({json.dumps(url)})")
    equal([(message["user"], message["text"], message["room"]) for message in seen["messages"]], [("Alice", "Hello", "browser")] * 2, "chat")

    equal(page.evaluate(f"peer.refused({json.dumps(url + '/nope')})")["code"], 1006, "a path that is not there")


def chromium_own_page(run):
    """The page that our server gives to browsers, and its own origin."""
    server, url = run.serve()
    browser = Browser(run, os.path.join(run.options.scratch, "profile"))
    page = browser.open(url.replace("ws:", "http:") + "/")
    check("Feedscope" in page.evaluate("document.title + document.body.innerText"), "the page says what it is")
    equal(page.evaluate("document.contentType"), "text/html", "content type")
    with_page_js(page)
    seen = page.evaluate("peer.feed(location.origin.replace('http', 'ws'))")
    equal(len(seen["events"]), 5, "events in our own page")


def chromium_foreign_origin(run):
    """Cross-site hijacking and DNS rebinding as a browser would do them: both must fail."""
    port = web_server()
    server, url = run.serve("--allow-origin", f"http://127.0.0.1:{port}")
    server_port = url.rsplit(":", 1)[1]
    browser = Browser(run, os.path.join(run.options.scratch, "profile"))
    page = with_page_js(browser.open(f"http://attacker.example:{port}/"))
    equal(page.evaluate("location.hostname"), "attacker.example", "the page's host")
    equal(page.evaluate(f"peer.refused('{url}/feed')").get("code"), 1006, "a foreign origin")
    equal(page.evaluate(f"peer.refused('ws://attacker.example:{server_port}/feed')").get("code"), 1006, "a foreign host")
    # The refusals were the server's, and not the browser's: the page that it was told of is let in.
    own = with_page_js(browser.open(f"http://127.0.0.1:{port}/"))
    equal(own.evaluate(f"peer.refused('{url}/feed')")["kind"], "open", "an origin that is allowed")


CASES = {
    **{f"node-client-{case}": functools.partial(client_case, node, "ws_client.mjs", case)
       for case in ("feed", "echo", "chat", "close", "refused")},
    **{f"python-client-{case}": functools.partial(client_case, python, "python_client.py", case)
       for case in ("feed", "echo", "chat", "close", "refused")},
    "node-server": functools.partial(server_case, node, "ws_server.mjs"),
    "python-server": functools.partial(server_case, python, "python_server.py"),
    "server-vanishes": server_vanishes,
    "chromium": chromium,
    "chromium-own-page": chromium_own_page,
    "chromium-foreign-origin": chromium_foreign_origin,
}

if __name__ == "__main__":
    sys.exit(main(CASES, sys.argv[1:]))
