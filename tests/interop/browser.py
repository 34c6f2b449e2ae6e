# SPDX-License-Identifier: GPL-3.0-or-later
"""Headless Chromium, driven over the DevTools pipe (file descriptors 3 and 4), so that it needs no port and no library."""

import itertools
import json
import os
import select
import shutil
import time

from harness import Failure, check


class Browser:
    def __init__(self, run, profile):
        """`profile`: an empty folder for what the browser remembers; gone afterwards."""
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        check(program, "Chromium is not installed (packaging/setup test)")
        shutil.rmtree(profile, ignore_errors=True)
        os.makedirs(profile)
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()

        def prepare():
            # By way of high numbers, since a source may be 3 or 4 itself.
            read, write = os.dup2(to_browser, 103), os.dup2(from_browser, 104)
            os.dup2(read, 3)
            os.dup2(write, 4)
            os.close(read)
            os.close(write)

        run.start("chromium", [
            program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
            "--disable-default-apps", "--metrics-recording-only", "--password-store=basic", "--remote-debugging-pipe",
            # attacker.example is this machine, every other name is nowhere.
            "--host-resolver-rules=MAP attacker.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
            f"--user-data-dir={profile}", "about:blank",
        ], preexec=prepare, pass_fds=(3, 4), env={**os.environ, "HOME": profile, "XDG_CONFIG_HOME": profile, "XDG_CACHE_HOME": profile})
        os.close(to_browser)
        os.close(from_browser)
        self._numbers = itertools.count(1)
        self._buffer = b""
        self.console = []

    def _receive(self, until):
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], max(0, until - time.monotonic()))
            if not ready:
                raise Failure("the browser did not answer in time")
            data = os.read(self._read, 1 << 16)
            if not data:
                raise Failure("the browser ended")
            self._buffer += data
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)

    def call(self, method, session=None, seconds=30, **parameters):
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._write, data):]
        until = time.monotonic() + seconds
        while True:
            answer = self._receive(until)
            if answer.get("id") == number:
                if "error" in answer:
                    raise Failure(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def open(self, url):
        """A page in a tab of its own, loaded."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        result = self.call("Page.navigate", session, url=url)
        check("errorText" not in result, f"{url}: {result.get('errorText')}")
        page = Page(self, session)
        until = time.monotonic() + 15
        while page.evaluate("document.readyState") != "complete" or page.evaluate("location.href") == "about:blank":
            check(time.monotonic() < until, f"{url} did not load")
            time.sleep(0.02)
        return page


class Page:
    def __init__(self, browser, session):
        self._browser = browser
        self._session = session

    def evaluate(self, expression, seconds=30):
        """The value of an expression; of what it resolves to where it is a promise."""
        result = self._browser.call("Runtime.evaluate", self._session, seconds=seconds, expression=expression, awaitPromise=True,
                                    returnByValue=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise Failure(f"in the page: {details.get('exception', {}).get('description', details.get('text'))}")
        return result["result"].get("value")
