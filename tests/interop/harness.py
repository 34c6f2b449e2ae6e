# SPDX-License-Identifier: GPL-3.0-or-later
"""What the drivers of tests/interop and tests/cli share: child processes that end with the test, and lines of JSON with a deadline.

Only Python's standard library. Everything listens on 127.0.0.1 and on a port that the system chose.
"""

import ctypes
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time


class Failure(Exception):
    """A test did not hold; the text says what."""


def check(condition, text):
    if not condition:
        raise Failure(text)


def equal(actual, expected, what):
    check(actual == expected, f"{what}: expected {expected!r}, got {actual!r}")


def _die_with_parent():
    # PR_SET_PDEATHSIG: CTest kills a driver that takes too long, and its children must not outlive it.
    ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)


class Child:
    """A process with its standard output as lines; standard error is kept to be shown when the test fails."""

    def __init__(self, name, argv, stdin=None, env=None, pass_fds=(), preexec=None):
        self.name = name
        self.stderr = []
        self._lines = queue.Queue()

        def prepare():
            _die_with_parent()
            if preexec:
                preexec()

        self.process = subprocess.Popen(
            [str(word) for word in argv], stdin=stdin or subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=env, start_new_session=True, preexec_fn=prepare, pass_fds=pass_fds)
        self._readers = [threading.Thread(target=self._read_stdout, daemon=True),
                         threading.Thread(target=self._read_stderr, daemon=True)]
        for reader in self._readers:
            reader.start()

    def _read_stdout(self):
        for line in self.process.stdout:
            self._lines.put(line.decode("utf-8", "replace").rstrip("\n"))
        self._lines.put(None)

    def _read_stderr(self):
        for line in self.process.stderr:
            self.stderr.append(line.decode("utf-8", "replace").rstrip("\n"))

    def line(self, seconds=10):
        """The next line of standard output; None at its end."""
        try:
            return self._lines.get(timeout=seconds)
        except queue.Empty:
            raise Failure(f"{self.name} printed nothing for {seconds} s") from None

    def json_line(self, seconds=10):
        text = self.line(seconds)
        check(text is not None, f"{self.name} ended where a line of JSON was expected")
        try:
            return json.loads(text)
        except ValueError as error:
            raise Failure(f"{self.name} printed a line that is no JSON ({error}): {text[:200]!r}") from None

    def rest(self, seconds=20):
        """Every further line up to the end of standard output."""
        lines, until = [], time.monotonic() + seconds
        while (text := self.line(max(0.1, until - time.monotonic()))) is not None:
            lines.append(text)
        return lines

    def exit_code(self, seconds=15):
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failure(f"{self.name} did not end within {seconds} s") from None
        for reader in self._readers:
            reader.join(2)
        return code

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def stderr_text(self):
        return "\n".join(self.stderr)

    def kill(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


class Run:
    """Starts children, and ends them all, whatever happens."""

    def __init__(self, cli):
        self.cli = cli
        self.children = []

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        for child in reversed(self.children):
            child.kill()
        if error is not None:
            for child in self.children:
                for line in child.stderr[-20:]:
                    print(f"  {child.name}: {line}", file=sys.stderr)

    def start(self, name, argv, **options):
        child = Child(name, argv, **options)
        self.children.append(child)
        return child

    def serve(self, *options):
        """feedscope-cli serve on any port. Returns the process and its URL without the final slash."""
        server = self.start("serve", [self.cli, "serve", "--port", "0", *options])
        ready = server.json_line()
        equal(ready.get("event"), "listening", "the first line of serve")
        equal(ready.get("tls"), False, "tls")
        equal(ready.get("pid"), server.process.pid, "pid")
        check(isinstance(ready.get("port"), int) and ready["port"] > 0, f"a port is expected in {ready}")
        equal(ready.get("url"), f"ws://127.0.0.1:{ready['port']}/", "url")
        return server, ready["url"].rstrip("/")

    def connect(self, *options, stdin=None):
        return self.start("connect", [self.cli, "connect", *options], stdin=stdin)


def main(cases, argv, seconds=50):
    """CASE --cli PATH [--peers DIR] [--scratch DIR]: runs one of the cases; exit code 0 where it held."""
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("case", choices=sorted(cases))
    parser.add_argument("--cli", required=True)
    parser.add_argument("--peers", default="")
    parser.add_argument("--scratch", default="")
    options = parser.parse_args(argv)

    def too_long(*_):
        raise Failure(f"the test took more than {seconds} s")

    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(seconds)
    try:
        with Run(options.cli) as run:
            run.options = options
            cases[options.case](run)
    except Failure as failure:
        print(f"FAIL {options.case}: {failure}", file=sys.stderr)
        return 1
    print(f"PASS {options.case}")
    return 0


# The frame record of the contract, section 5.

FRAME_MEMBERS = {
    "kind": str, "no": int, "conn": int, "time": (int, float), "from": str, "opcode": str, "opcode_value": int, "fin": bool,
    "rsv1": bool, "rsv2": bool, "rsv3": bool, "masked": bool, "len": int, "header_len": int, "wire_len": int,
    "payload_hex": str, "violations": list,
}
HANDSHAKE_MEMBERS = {
    "kind": str, "conn": int, "time": (int, float), "role": str, "peer": str, "tls": bool, "request": dict, "response": dict,
    "accept_ok": bool,
}
END_MEMBERS = {"kind": str, "conn": int, "time": (int, float), "code": int, "clean": bool, "by": str}
OPCODES = {"continuation": 0, "text": 1, "binary": 2, "close": 8, "ping": 9, "pong": 10}


def check_record(record):
    """One record by itself: members, types, and what must agree with what."""
    members = {"frame": FRAME_MEMBERS, "handshake": HANDSHAKE_MEMBERS, "end": END_MEMBERS}.get(record.get("kind"))
    check(members, f"a record of no known kind: {record}")
    for name, kind in members.items():
        check(name in record, f"a {record['kind']} record has no {name!r}: {record}")
        check(isinstance(record[name], kind) and not (kind is int and isinstance(record[name], bool)),
              f"{name!r} of a {record['kind']} record is no {kind}: {record}")
    check(1_600_000_000 < record["time"] < 4_000_000_000, f"time is in Unix seconds: {record['time']}")
    if record["kind"] == "handshake":
        check(isinstance(record["request"].get("line"), str), f"the request has no line: {record}")
        check(isinstance(record["response"].get("status"), int), f"the response has no status: {record}")
        for head in (record["request"], record["response"]):
            check(all(len(field) == 2 for field in head["headers"]), f"headers are pairs: {head}")
    elif record["kind"] == "frame":
        check(record["from"] in ("client", "server"), f"from: {record['from']}")
        payload = bytes.fromhex(record["payload_hex"])
        equal(len(payload), record["len"], "len beside payload_hex")
        equal(record["header_len"] + record["len"], record["wire_len"], "header_len + len")
        if record["opcode"] in OPCODES:
            equal(record["opcode_value"], OPCODES[record["opcode"]], "opcode_value")
        if record["masked"]:
            check(len(bytes.fromhex(record.get("mask", ""))) == 4, f"a masked frame has a mask of four bytes: {record}")
        else:
            check(not record.get("mask"), f"an unmasked frame has no mask: {record}")
        if "text" in record:
            equal(record["text"].encode(), payload, "text beside payload_hex")
        for violation in record["violations"]:
            check({"rule", "name", "detail"} <= set(violation), f"a violation has rule, name and detail: {violation}")
        if record["opcode"] == "close" and record["len"] >= 2:
            equal(record["close"]["code"], int.from_bytes(payload[:2], "big"), "close.code")
            equal(record["close"]["reason"], payload[2:].decode(), "close.reason")
    return record


def check_records(records):
    """All records of one connection: the handshake first, the end last, frames numbered, masks that differ, and for each sender time that does
    not run back. Between the two it may: what came in one read is stamped with that read, also where something was sent in between."""
    for record in records:
        check_record(record)
    equal(records[0]["kind"], "handshake", "the first record")
    check("end" not in [record["kind"] for record in records[:-1]], "nothing follows the end")
    frames = [record for record in records if record["kind"] == "frame"]
    numbers = [frame["no"] for frame in frames]
    equal(numbers, list(range(numbers[0], numbers[0] + len(numbers))) if numbers else [], "frame numbers")
    for sender in ("client", "server"):
        times = [frame["time"] for frame in frames if frame["from"] == sender]
        equal(times, sorted(times), f"times of the frames from the {sender}")
    check(all(record["time"] >= records[0]["time"] for record in records), "nothing is older than the handshake")
    for frame in frames:
        equal(frame["masked"], frame["from"] == "client", f"masked of a frame from the {frame['from']}")
    masks = [frame["mask"] for frame in frames if frame["masked"]]
    equal(len(set(masks)), len(masks), "different masks")
    return frames
