"""A headless Chromium, driven through the pipe of its DevTools protocol: nothing but Python is needed.

Requests and answers are JSON, each ended by a zero byte, on the browser's file descriptors 3 and 4
(--remote-debugging-pipe).
"""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PATIENCE_S = 60
KEY_CODES = {"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "Escape": 27, "Tab": 9, "Enter": 13,
             "Home": 36, "End": 35}
FLAGS = ("--headless", "--no-sandbox", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu", "--disable-extensions",
         "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage", "--hide-scrollbars",
         "--force-color-profile=srgb", "--host-resolver-rules=MAP * ~NOTFOUND")


def program():
    """The browser's path; an error where there is none: what cannot be tested has not passed."""
    for name in PROGRAMS:
        if found := shutil.which(name):
            return found
    raise AssertionError(f"no browser: install one of {', '.join(PROGRAMS)} (scripts/test.sh does)")


class Browser:
    def __init__(self):
        self._profile = tempfile.mkdtemp(prefix="podbench-browser-")
        to_read, self._to = os.pipe()
        self._from, to_write = os.pipe()
        self._errors = open(os.path.join(self._profile, "stderr"), "w+", encoding="utf-8", errors="replace")
        command = (program(), *FLAGS, f"--user-data-dir={self._profile}/profile")
        # A shell puts the pipes where the browser looks for them.
        self._child = subprocess.Popen(
            ("bash", "-c", f'exec "$0" "$@" 3<&{to_read} 4>&{to_write}', *command), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=self._errors, pass_fds=(to_read, to_write), env=self._environment())
        os.close(to_read)
        os.close(to_write)
        self._number = 0
        self._unread = b""
        self.events = []

    def _environment(self):
        return dict(os.environ, HOME=self._profile, XDG_RUNTIME_DIR=self._profile)

    def close(self):
        try:
            self.ask("Browser.close")
            self._child.wait(PATIENCE_S)
        finally:
            if self._child.poll() is None:
                self._child.kill()
                self._child.wait()
            os.close(self._to)
            os.close(self._from)
            self._errors.close()
            shutil.rmtree(self._profile, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def ask(self, method, session=None, **parameters):
        """Sends a request and waits for its answer; events that come in between are kept."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                break
            self.events.append(answer)
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']}")
        return answer["result"]

    def wait_for(self, method, session):
        def found():
            return [e for e in self.events if e.get("method") == method and e.get("sessionId") == session]
        while not found():
            self.events.append(self._read())
        return found()[-1]

    def _read(self):
        deadline = time.monotonic() + PATIENCE_S
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._from], [], [], max(0, deadline - time.monotonic()))
            more = os.read(self._from, 1 << 20) if ready else b""
            if not more:
                self._errors.seek(0)
                raise AssertionError("the browser says nothing more\n" + self._errors.read())
            self._unread += more
        message, _, self._unread = self._unread.partition(b"\0")
        return json.loads(message)

    def open(self, path, dark=False, width=1280, height=900, scale=1):
        return Tab(self, path, dark, width, height, scale)


class Tab:
    """One page, opened from disk."""

    def __init__(self, browser, path, dark, width, height, scale):
        self._browser = browser
        target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False)
        self.prefer_dark(dark)
        self.ask("Page.navigate", url="file://" + os.path.abspath(path))
        browser.wait_for("Page.loadEventFired", self._session)
        self.settle()

    def ask(self, method, **parameters):
        return self._browser.ask(method, self._session, **parameters)

    def prefer_dark(self, dark):
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])

    def evaluate(self, expression):
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise AssertionError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def settle(self):
        """Two frames later everything that was asked for is drawn."""
        self.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")

    def move(self, x, y):
        self._mouse("mouseMoved", x, y)
        self.settle()

    def drag(self, begin, end):
        self._mouse("mouseMoved", *begin)
        self._mouse("mousePressed", *begin, button="left", buttons=1, clickCount=1)
        middle = ((begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2)
        for place in (middle, end):
            self._mouse("mouseMoved", *place, button="left", buttons=1)
            self.settle()
        self._mouse("mouseReleased", *end, button="left", clickCount=1)
        self.settle()

    def click(self, x, y, count=1):
        for times in range(1, count + 1):
            for kind in ("mousePressed", "mouseReleased"):
                self._mouse(kind, x, y, button="left", clickCount=times)
        self.settle()

    def _mouse(self, kind, x, y, **more):
        self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def key(self, name):
        about = {"key": name, "code": name, "windowsVirtualKeyCode": KEY_CODES.get(name, ord(name[0]))}
        if len(name) == 1:
            about["text"] = name
        self.ask("Input.dispatchKeyEvent", type="keyDown", **about)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **about)
        self.settle()

    def screenshot(self, path, whole=True):
        picture = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=whole,
                           **({"clip": self._whole()} if whole else {}))
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture["data"]))

    def _whole(self):
        size = self.ask("Page.getLayoutMetrics")["cssContentSize"]
        return {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}

    def print_to(self, path):
        document = self.ask("Page.printToPDF", printBackground=True)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(document))

    def complaints(self):
        """Errors and warnings of the page: exceptions, console, violations of its policy."""
        mine = [e for e in self._browser.events if e.get("sessionId") == self._session]
        thrown = [e["params"] for e in mine if e["method"] == "Runtime.exceptionThrown"]
        said = [e["params"] for e in mine if e["method"] == "Runtime.consoleAPICalled"
                and e["params"]["type"] in ("error", "warning", "assert")]
        logged = [e["params"]["entry"] for e in mine if e["method"] == "Log.entryAdded"]
        return thrown + said + logged

    def requests(self):
        """Addresses that the page asked for, itself aside."""
        asked = [e["params"]["request"]["url"] for e in self._browser.events
                 if e.get("sessionId") == self._session and e["method"] == "Network.requestWillBeSent"]
        return asked[1:]
