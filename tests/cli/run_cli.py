# SPDX-License-Identifier: GPL-3.0-or-later
"""What other programs rely on in feedscope-cli: options, lines on standard output, messages on standard error, exit codes, signals.

run_cli.py CASE --cli feedscope-cli --scratch FOLDER

tests/interop holds the same program against other implementations; here it talks to itself, or to a bare socket.
"""

import functools
import json
import os
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "interop"))
from harness import check, check_record, check_records, equal, main  # noqa: E402


def ended(child, seconds=15):
    """Standard output as lines, the exit code, standard error."""
    lines = child.rest(seconds)
    code = child.exit_code(seconds)
    return lines, code, child.stderr_text()


def call(run, *arguments):
    return ended(run.start(" ".join(arguments) or "no arguments", [run.cli, *arguments]))


# Usage.

def help_and_version(run):
    lines, code, _ = call(run, "--help")
    equal(code, 0, "--help")
    check(any("serve" in line for line in lines) and any("connect" in line for line in lines), f"the commands are listed: {lines}")
    for command, options in (("serve", ("--host", "--port", "--feed", "--seed", "--capture")),
                             ("connect", ("--subscribe", "--send", "--count", "--for", "--frames", "--capture"))):
        lines, code, _ = call(run, command, "--help")
        equal(code, 0, f"{command} --help")
        for option in options:
            check(option in "\n".join(lines), f"{command} --help says {option}")
    lines, code, _ = call(run, "--version")
    equal((code, lines[0].split()[0]), (0, "feedscope-cli"), "--version")


def bad_usage(run):
    for arguments in ((), ("no-such-command",), ("serve", "--no-such-option"), ("serve", "--port", "70000"), ("serve", "--port", "x"),
                      ("serve", "--feed", "nonsense", "--port", "0"), ("serve", "extra"), ("connect",), ("connect", "http://127.0.0.1:1/"),
                      ("connect", "ws://"), ("connect", "ws://127.0.0.1:1/", "second"),
                      ("connect", "ws://127.0.0.1:1/", "--send-binary", "0g"), ("connect", "ws://127.0.0.1:1/", "--count", "0"),
                      ("connect", "ws://127.0.0.1:1/", "--header", "no colon")):
        lines, code, errors = call(run, *arguments)
        equal(code, 2, f"exit code of {arguments}")
        equal(lines, [], f"standard output of {arguments}")
        check(errors, f"{arguments} says what is wrong")


# The network is wrong: 1.

def refused_port(run):
    # Bound and not listening: nobody else can take it, and nobody answers.
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        lines, code, errors = call(run, "connect", f"ws://127.0.0.1:{port}/feed")
    equal((code, lines), (1, []), "exit code and standard output")
    check(str(port) in errors or "refused" in errors.lower(), f"the stage is named: {errors}")


def refused_handshake(run):
    _, url = run.serve()
    for path, options, status in (("/nope", (), "404"), ("/feed", ("--origin", "https://attacker.example"), "403"),
                                  ("/feed", ("--header", "Sec-WebSocket-Version: 12"), "4")):
        lines, code, errors = call(run, "connect", url + path, *options)
        equal((code, lines), (1, []), f"{path} {options}")
        check(status in errors, f"standard error names {status}: {errors}")


def port_in_use(run):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        lines, code, errors = call(run, "serve", "--port", str(port))
    equal((code, lines), (1, []), "exit code and standard output")
    check(str(port) in errors, f"the port is named: {errors}")
    others = [int(word) for word in "".join(c if c.isdigit() else " " for c in errors).split() if word != str(port)]
    check(any(1024 <= other <= 65535 for other in others), f"a free port is named: {errors}")


# serve and connect with each other.

def subscribe_with_frames(run):
    server, url = run.serve("--seed", "7")
    client = run.connect(url + "/feed", "--subscribe", "market.AAPL", "--count", "5", "--frames", "--subprotocol", "feedscope.v1")
    records = [json.loads(line) for line in client.rest(30)]
    equal(client.exit_code(), 0, "exit code")
    frames = check_records(records)
    handshake, end = records[0], records[-1]
    equal((handshake["role"], handshake["response"]["status"], handshake["subprotocol"]), ("client", 101, "feedscope.v1"), "handshake")
    equal((end["kind"], end["code"], end["clean"], end["by"]), ("end", 1000, True, "client"), "the end")
    texts = [json.loads(frame["text"]) for frame in frames if frame["from"] == "server" and frame["opcode"] == "text"]
    equal(texts[0]["type"], "welcome", "the first message")
    events = [text for text in texts if text["type"] == "event"]
    check(len(events) >= 5, f"five events: {len(events)}")
    offsets = [event["offset"] for event in events]
    equal(offsets, list(range(offsets[0], offsets[0] + len(offsets))), "offsets")
    equal({event["data"]["symbol"] for event in events}, {"AAPL"}, "symbols")
    # Events that were on their way when the client closed may stand between the two close frames; nothing follows the second.
    equal([frame["from"] for frame in frames if frame["opcode"] == "close"], ["client", "server"], "a close frame from each side")
    equal(frames[-1]["opcode"], "close", "nothing after them")
    check(all(frame["violations"] == [] for frame in frames), "we break no rule ourselves")
    server.terminate()
    equal(server.exit_code(), 0, "serve: exit code")


def messages(run):
    _, url = run.serve()
    lines, code, _ = call(run, "connect", url + "/feed", "--subscribe", "market.AAPL", "--count", "3")
    equal(code, 0, "exit code")
    equal([json.loads(line)["type"] for line in lines][-3:], ["event"] * 3, "messages as they came")
    lines, code, _ = call(run, "connect", url + "/echo", "--send", "Hello", "--send-binary", "00ff", "--count", "2", "--json")
    equal(code, 0, "exit code")
    first, second = (json.loads(line) for line in lines)
    equal((first["opcode"], first["text"], second["opcode"], second["payload_hex"]), ("text", "Hello", "binary", "00ff"), "--json")
    lines, code, errors = call(run, "connect", url + "/echo", "--send", "only one", "--count", "2", "--for", "1")
    equal((code, lines), (1, ["only one"]), "fewer messages than asked for")
    check("1 of 2" in errors, f"standard error says how many: {errors}")


def standard_input(run):
    _, url = run.serve()
    client = run.start("connect", [run.cli, "connect", url + "/echo"], stdin=subprocess.PIPE)
    client.process.stdin.write("Hello\nGrüße\n\n".encode())
    client.process.stdin.close()
    lines, code, _ = ended(client)
    equal((code, lines), (0, ["Hello", "Grüße", ""]), "each line comes back")


def records_of_the_server(run):
    server, url = run.serve("--frames")
    for text in ("one", "two"):
        equal(call(run, "connect", url + "/echo", "--send", text, "--count", "1")[1], 0, "exit code")
    server.terminate()
    lines, code, _ = ended(server)
    equal(code, 0, "serve: exit code")
    records = [check_record(json.loads(line)) for line in lines]
    connections = {record["conn"] for record in records}
    equal(len(connections), 2, "connections")
    for connection, text in zip(sorted(connections), ("one", "two")):
        own = [record for record in records if record["conn"] == connection]
        equal((own[0]["kind"], own[0]["role"], own[-1]["kind"]), ("handshake", "server", "end"), "first and last")
        frames = [record for record in own if record["kind"] == "frame"]
        equal([(frame["from"], frame["opcode"], frame["masked"]) for frame in frames],
              [("client", "text", True), ("server", "text", False), ("client", "close", True), ("server", "close", False)], "frames")
        equal([frame["text"] for frame in frames[:2]], [text, text], "texts")


def captures(run):
    os.makedirs(run.options.scratch, exist_ok=True)
    files = [os.path.join(run.options.scratch, name) for name in ("serve.fscap", "connect.fscap")]
    for file in files:
        if os.path.exists(file):
            os.remove(file)
    server, url = run.serve("--capture", files[0])
    text = "a payload that can be found again"
    equal(call(run, "connect", url + "/echo", "--send", text, "--count", "1", "--capture", files[1])[1], 0, "exit code")
    server.terminate()
    equal(server.exit_code(), 0, "serve: exit code")
    for file in files:
        with open(file, "rb") as capture:
            check(text.encode() in capture.read(), f"{file} holds the payload")
    _, code, errors = call(run, "serve", "--port", "0", "--capture", os.path.join(run.options.scratch, "no", "such", "folder.fscap"))
    equal(code, 2, "a capture that cannot be written")
    check("folder.fscap" in errors, f"the file is named: {errors}")


def heartbeat(run):
    _, url = run.serve("--ping-interval", "0.2", "--ping-timeout", "0.4")
    client = run.connect(url + "/echo", "--frames", "--for", "2")
    records = [json.loads(line) for line in client.rest()]
    equal(client.exit_code(), 0, "exit code")
    frames = check_records(records)
    # A ping that crosses our close frame is not answered (RFC 6455 5.5.1: nothing is sent after it).
    closed = [(frame["from"], frame["opcode"]) for frame in frames].index(("client", "close"))
    frames = frames[:closed]
    pings = [frame["payload_hex"] for frame in frames if (frame["from"], frame["opcode"]) == ("server", "ping")]
    pongs = [frame["payload_hex"] for frame in frames if (frame["from"], frame["opcode"]) == ("client", "pong")]
    check(len(pings) >= 2, f"pings: {len(pings)}")
    equal(pongs, pings, "every ping is answered with its payload")
    _, code, errors = call(run, "connect", url + "/echo", "--no-pong", "--for", "10")
    equal(code, 1, f"a peer that answers no ping is let go: {errors}")


# Signals.

def raw_client(url):
    """A client that opens and then does nothing by itself, so that what it gets can be read byte by byte."""
    host, port = url[len("ws://"):].split(":")
    client = socket.create_connection((host, int(port)), timeout=12)
    client.sendall(f"GET /echo HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode())
    head = b""
    while b"\r\n\r\n" not in head:
        head += client.recv(1)
    check(head.startswith(b"HTTP/1.1 101"), f"the handshake: {head[:80]}")
    return client


def read_all(client):
    data = b""
    while chunk := client.recv(4096):
        data += chunk
    return data


def drain(number, run):
    server, url = run.serve()
    clients = [run.connect(url + "/echo", "--frames") for _ in range(3)]
    for client in clients:
        equal(client.json_line()["kind"], "handshake", "a client is connected")
    server.process.send_signal(number)
    for client in clients:
        records = [json.loads(line) for line in client.rest()]
        equal((records[-1]["kind"], records[-1]["code"], records[-1]["clean"], records[-1]["by"]), ("end", 1001, True, "server"), "the end")
    equal(server.exit_code(10), 0, "serve: exit code")


def drain_with_a_silent_client(run):
    """A client that never answers the close frame does not hold the server up."""
    server, url = run.serve()
    with raw_client(url) as silent:
        server.terminate()
        began = time.monotonic()
        equal(server.exit_code(10), 0, "exit code, within 10 s")
        sent = read_all(silent)
        # RFC 6455 5.5.1: a close frame, unmasked, its payload the code.
        check(sent[:1] == b"\x88" and sent[2:4] == (1001).to_bytes(2, "big"), f"1001 was sent: {sent!r}")
        print(f"gone after {time.monotonic() - began:.1f} s")


def nothing_new_while_draining(run):
    server, url = run.serve()
    with raw_client(url) as silent:
        server.terminate()
        equal(silent.recv(1), b"\x88", "the close frame that says it drains")
        host, port = url[len("ws://"):].split(":")
        try:
            with socket.create_connection((host, int(port)), timeout=5) as late:
                late.sendall(f"GET /healthz HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
                status = late.recv(64)
                check(status == b"" or b" 503 " in status, f"a late client is let in: {status!r}")
        except (ConnectionError, TimeoutError):
            pass
    equal(server.exit_code(10), 0, "exit code")


def interrupted_client(run):
    _, url = run.serve()
    client = run.connect(url + "/feed", "--subscribe", "market.>", "--frames")
    for _ in range(5):
        check_record(client.json_line())
    client.process.send_signal(signal.SIGINT)
    lines, code, _ = ended(client)
    end = json.loads(lines[-1])
    equal((code, end["kind"], end["code"], end["clean"], end["by"]), (0, "end", 1000, True, "client"), "a clean end")


CASES = {
    "help-and-version": help_and_version,
    "bad-usage": bad_usage,
    "refused-port": refused_port,
    "refused-handshake": refused_handshake,
    "port-in-use": port_in_use,
    "subscribe-with-frames": subscribe_with_frames,
    "messages": messages,
    "standard-input": standard_input,
    "records-of-the-server": records_of_the_server,
    "captures": captures,
    "heartbeat": heartbeat,
    "drain-on-sigterm": functools.partial(drain, signal.SIGTERM),
    "drain-on-sigint": functools.partial(drain, signal.SIGINT),
    "drain-with-a-silent-client": drain_with_a_silent_client,
    "nothing-new-while-draining": nothing_new_while_draining,
    "interrupted-client": interrupted_client,
}

if __name__ == "__main__":
    sys.exit(main(CASES, sys.argv[1:]))
