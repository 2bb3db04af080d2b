"""Starts the gateways of docs/gateways/, as they stand there, and the upstream behind them."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from server import REPOSITORY, end, free_port

SAMPLES = REPOSITORY / "docs" / "gateways"
READY_WITHIN = 15.0
STOP_WITHIN = 10.0
# Longer than a gateway waits for Latchkey.
ANSWER_WITHIN = 20.0


@dataclass
class Call:
    """A request as the upstream got it."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def of(self, name: str) -> list[str]:
        """The values of a header, in the order in which they came."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


class Upstream:
    """A server that lets everybody in, and tells what it got; also a Latchkey that agrees to everything."""

    def __init__(self) -> None:
        """Listens on a port of its own."""
        self.calls: list[Call] = []
        self.answer_with: tuple[int, dict[str, str]] = (200, {})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()

    def forget(self) -> None:
        """Back to how it began."""
        self.calls.clear()
        self.answer_with = (200, {})

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        upstream = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # An answer goes out in one piece; in two, the second would wait for the first to be acknowledged.
            wbufsize = -1

            def __getattr__(self, name: str) -> Callable[[], None]:
                # Whatever the method.
                if name.startswith("do_"):
                    return self.tell
                raise AttributeError(name)

            def tell(self) -> None:
                call = Call(self.command, self.path, list(self.headers.items()), self.body())
                upstream.calls.append(call)
                status, headers = upstream.answer_with
                told = json.dumps({"method": call.method, "target": call.target, "headers": call.headers}).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(told)

            def body(self) -> bytes:
                if "chunked" not in self.headers.get("Transfer-Encoding", ""):
                    return self.rfile.read(int(self.headers.get("Content-Length", 0)))
                body = b""
                while size := int(self.rfile.readline().partition(b";")[0], 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            def log_message(self, *_: object) -> None:
                """Nothing: what it got stands in `calls`."""

        return Handler


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def of(self, name: str) -> list[str]:
        """The values of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


@dataclass
class Kind:
    """How one sort of gateway is started."""

    sample: str
    # Where its program lies, unless it is on PATH only.
    program: Path
    # Its arguments, from the file and the folder that it may write to.
    arguments: Callable[[Path, Path], list[str]]
    # What else than ports is another in a test: what the sample says, and what stands there instead.
    changes: Callable[[Path], dict[str, str]]


def _nginx_changes(folder: Path) -> dict[str, str]:
    kept = "".join(f"    {kind}_temp_path {folder};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    return {"/run/nginx.pid": f"{folder}/pid", "/var/log/nginx/": f"{folder}/", "http {\n": f"http {{\n{kept}"}


KINDS = {
    "nginx": Kind(
        "nginx.conf", Path("/usr/sbin/nginx"),
        lambda file, folder: ["-p", str(folder), "-e", "stderr", "-c", str(file), "-g", "daemon off;"],
        _nginx_changes,
    ),
    "caddy": Kind(
        "Caddyfile", Path(sys.executable).parent / "caddy",
        lambda file, folder: ["run", "--adapter", "caddyfile", "--config", str(file)],
        lambda folder: {},
    ),
}


class Gateway:
    """One of the samples, in front of an upstream, until it is stopped."""

    def __init__(self, name: str, latchkey: int, upstream: int) -> None:
        """Starts it for a Latchkey and an upstream on these ports, and returns once it listens."""
        self.name = name
        self._kind = KINDS[name]
        self._program = program(name)
        # Others may pass through: started by root, nginx works as somebody else, and keeps long bodies here.
        self._folder = tempfile.TemporaryDirectory(prefix="latchkey-gateway-")
        Path(self._folder.name).chmod(0o711)
        # Somebody may take the port between our asking for it and the gateway's.
        for _ in range(3):
            self.port = free_port()
            self._launch({"8000": self.port, "3000": latchkey, "8080": upstream})
            if self._ready():
                return
            self._end()
        log = self.log()
        self._folder.cleanup()
        raise RuntimeError(f"{name} did not start; it said:\n{log}")

    def log(self) -> str:
        """What the gateway has written so far, its access log included."""
        return "".join(file.read_text(encoding="utf-8", errors="replace") for file in self._home().glob("*.log"))

    def stop(self) -> None:
        """Ends it, and fails if it had ended by itself."""
        by_itself = self._process.poll()
        self._end()
        log = self.log()
        self._folder.cleanup()
        assert by_itself is None, f"{self.name} ended by itself ({by_itself}); it said:\n{log}"

    def ask(self, target: str, *headers: str, method: str = "GET", body: bytes | None = None) -> Answer:
        """Sends exactly this: a library would make other headers of it, or refuse some."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", *headers]
        if body is not None and not any(line.lower().startswith("transfer-encoding:") for line in headers):
            lines.append(f"Content-Length: {len(body)}")
        if not any(line.lower().startswith("connection:") for line in headers):
            lines.append("Connection: close")
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        with socket.create_connection(("127.0.0.1", self.port), ANSWER_WITHIN) as connection:
            connection.sendall(head + (body or b""))
            answer = HTTPResponse(connection, method=method)
            answer.begin()
            return Answer(answer.status, answer.getheaders(), answer.read())

    def _home(self) -> Path:
        return Path(self._folder.name)

    def _launch(self, ports: dict[str, int]) -> None:
        text = (SAMPLES / self._kind.sample).read_text(encoding="utf-8")
        # At once: one of the new ports may be one of the old.
        text, made = re.subn(r":(8000|3000|8080)\b", lambda found: f":{ports[found[1]]}", text)
        assert made >= len(ports), f"{self._kind.sample} has other ports than 8000, 3000 and 8080"
        for said, instead in self._kind.changes(self._home()).items():
            assert said in text, f"{said!r} is not in {self._kind.sample}"
            text = text.replace(said, instead)
        file = self._home() / self._kind.sample
        file.write_text(text, encoding="utf-8")
        # What a gateway keeps for itself goes to the folder too.
        own = {"HOME": self._folder.name, "XDG_DATA_HOME": self._folder.name, "XDG_CONFIG_HOME": self._folder.name}
        with (self._home() / "said.log").open("wb") as log:
            self._process = subprocess.Popen(
                [self._program, *self._kind.arguments(file, self._home())], cwd=self._folder.name,
                env=os.environ | own, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )

    def _ready(self) -> bool:
        began = time.monotonic()
        while time.monotonic() - began < READY_WITHIN and self._process.poll() is None:
            try:
                return self.ask("/").status == 404
            except OSError:
                time.sleep(0.02)
        return False

    def _end(self) -> None:
        end(self._process, STOP_WITHIN)


def program(name: str) -> str:
    """The path of a gateway's program, or an error that says how to get it."""
    usual = KINDS[name].program
    found = str(usual) if usual.exists() else shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name} is missing: run 'make test' or 'scripts/setup.sh test', which install it")
    return found
