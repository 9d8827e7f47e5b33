"""Headless Chromium over its DevTools pipe, with the standard library alone."""
import base64
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-default-browser-check",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
         "--disable-dev-shm-usage", "--hide-scrollbars", "--mute-audio", "--no-proxy-server", "--remote-debugging-pipe"]


def find_chromium():
    return shutil.which("chromium") or shutil.which("chromium-browser")


class Browser:
    """One page. `events` holds what the page reported: exceptions, console errors, failed or remote requests."""

    def __init__(self, width=1240, height=900, dark=False, scale=1):
        self.folder = tempfile.mkdtemp(prefix="tubal-chromium-")
        self.to, self.back = os.pipe(), os.pipe()
        # Chromium reads commands from descriptor 3 and answers on 4.
        commands, answers = self.to[0], self.back[1]

        def descriptors():
            a, b = os.dup(commands), os.dup(answers)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self.process = subprocess.Popen(
            [find_chromium(), *FLAGS, "--user-data-dir=" + os.path.join(self.folder, "profile"), "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=open(os.path.join(self.folder, "log"), "w"),
            close_fds=False, preexec_fn=descriptors, start_new_session=True)
        os.close(commands)
        os.close(answers)
        self.number, self.buffer, self.events, self.session, self.target = 0, b"", [], None, None
        self.renew(width, height, dark, scale)

    def renew(self, width=1240, height=900, dark=False, scale=1):
        """Another page in place of the last one, which nobody has looked at or scrolled: a browser takes seconds to start."""
        self.session, last = None, self.target
        self.target = self.send("Target.createTarget", url="about:blank")["targetId"]
        if last:
            self.send("Target.closeTarget", targetId=last)
        self.session = self.send("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(domain + ".enable")
        self.events = []
        self.look(width, height, dark, scale)
        return self

    def look(self, width, height, dark=False, scale=1):
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=width < 600)
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def _read(self, until):
        while b"\0" not in self.buffer:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.back[0]], [], [], left)[0]:
                raise TimeoutError("Chromium did not answer in time")
            piece = os.read(self.back[0], 1 << 20)
            if not piece:
                raise RuntimeError("Chromium ended: " + open(os.path.join(self.folder, "log")).read()[-2000:])
            self.buffer += piece
        line, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(line)
        method, p = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            self.events.append("exception: " + json.dumps(p["exceptionDetails"])[:600])
        elif method == "Runtime.consoleAPICalled" and p["type"] in ("error", "warning", "assert"):
            self.events.append("console." + p["type"] + ": " + json.dumps(p["args"])[:600])
        elif method == "Log.entryAdded" and p["entry"]["level"] in ("error", "warning"):
            self.events.append("log: " + p["entry"]["text"])
        elif method == "Network.requestWillBeSent" and not p["request"]["url"].startswith(("file:", "data:", "blob:", "about:")):
            self.events.append("request: " + p["request"]["url"])
        return message

    def send(self, method, timeout=180, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to[1], json.dumps(message).encode() + b"\0")
        until = time.monotonic() + timeout
        while True:
            answer = self._read(until)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(method + ": " + answer["error"]["message"])
                return answer["result"]

    def evaluate(self, expression, timeout=180):
        answer = self.send("Runtime.evaluate", timeout, expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:800])
        return answer["result"].get("value")

    def open(self, file):
        self.send("Page.navigate", url="file://" + os.path.abspath(file))
        self.wait("document.readyState === 'complete'", 180)

    def wait(self, condition, seconds=30):
        until = time.monotonic() + seconds
        while not self.evaluate(condition):
            if time.monotonic() > until:
                raise TimeoutError("not within %d s: %s" % (seconds, condition))
            time.sleep(0.02)

    def mouse(self, kind, x, y):
        self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="none" if kind == "mouseMoved" else "left", clickCount=1)

    def click(self, x, y):
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.mouse(kind, x, y)

    def screenshot(self, file, whole=False):
        area = {}
        if whole:
            size = self.send("Page.getLayoutMetrics")["cssContentSize"]
            area = {"captureBeyondViewport": True, "clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}}
        with open(file, "wb") as out:
            out.write(base64.b64decode(self.send("Page.captureScreenshot", format="png", **area)["data"]))

    def pdf(self, file):
        with open(file, "wb") as out:
            out.write(base64.b64decode(self.send("Page.printToPDF", printBackground=True, preferCSSPageSize=True)["data"]))

    def close(self):
        try:
            self.session = None
            self.send("Browser.close", timeout=5)
            self.process.wait(10)
        except Exception:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
