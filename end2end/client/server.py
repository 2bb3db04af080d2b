"""Starts the server on a port and a data folder of its own, and ends it again."""

import os
import re
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import httpx

REPOSITORY = Path(__file__).resolve().parents[2]
READY_WITHIN = 30.0
STOP_WITHIN = 15.0


def binary() -> Path:
    """The path of the binary, or an error that says how to get one."""
    target = os.environ.get("CARGO_TARGET_DIR") or REPOSITORY / "target"
    path = Path(os.environ.get("LATCHKEY_BINARY") or Path(target, "release", "latchkey")).resolve()
    if not path.exists():
        raise FileNotFoundError(f"{path} is not there: run 'make build', or set LATCHKEY_BINARY")
    return path


class Server:
    """A server that answers, until it is stopped."""

    def __init__(self, provision: str, settings: dict[str, str] | None = None) -> None:
        """Starts it with the text of a provisioning file, and returns once /readyz answers 200.

        `settings` are environment variables of its own, which count more than the usual ones.
        """
        self.settings = settings or {}
        self._folder = tempfile.TemporaryDirectory(prefix="latchkey-client-")
        self._log = Path(self._folder.name, "log")
        self._provision = Path(self._folder.name, "provision.json")
        self._provision.write_text(provision, encoding="utf-8")
        # Somebody may take the port between our asking for it and the server's.
        for _ in range(3):
            self._port = free_port()
            self.url = f"http://127.0.0.1:{self._port}"
            self._log.unlink(missing_ok=True)
            self._launch()
            if self._ready():
                return
            self._end()
            if not re.search("address (already )?in use", self.log(), re.IGNORECASE):
                break
        log = self.log()
        self._folder.cleanup()
        raise RuntimeError(f"the server did not become ready; its log:\n{log}")

    def log(self) -> str:
        """What the server has printed so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    @property
    def data(self) -> Path:
        """The folder of its data."""
        return Path(self._folder.name, "data")

    @property
    def pid(self) -> int:
        """The id of its process."""
        return self._process.pid

    def go_away(self) -> None:
        """Ends it until `come_back`."""
        self._end()

    def come_back(self) -> None:
        """Starts it again, with the same data on the same port."""
        self._launch()
        assert self._ready(), f"the server did not come back; its log:\n{self.log()}"

    def stop(self) -> None:
        """Ends it, and fails if it panicked or had ended by itself."""
        by_itself = self._process.poll()
        self._end()
        log = self.log()
        self._folder.cleanup()
        assert not re.search("a panic:|panicked at", log), f"the server panicked; its log:\n{log}"
        assert by_itself is None, f"the server ended by itself ({by_itself}); its log:\n{log}"

    def _launch(self) -> None:
        self.data.mkdir(exist_ok=True)
        # None of the developer's own settings, and no latchkey.toml: it is looked for where the server starts.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LATCHKEY_")}
        settings = {
            "LATCHKEY_LISTEN": f"127.0.0.1:{self._port}",
            "LATCHKEY_PUBLIC_URL": self.url,
            "LATCHKEY_DATA_DIR": str(self.data),
            "LATCHKEY_PROVISION": str(self._provision),
            # The client repeats what is refused with 429, and waits as long as it is told to.
            "LATCHKEY_RATE_LIMIT_TOKEN": "0",
            "LATCHKEY_RATE_LIMIT_ADDRESS": "0",
        } | self.settings
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [binary(), "serve"], cwd=self.data, env=inherited | settings,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )

    def _ready(self) -> bool:
        began = time.monotonic()
        with httpx.Client(base_url=self.url, trust_env=False) as http:
            while time.monotonic() - began < READY_WITHIN and self._process.poll() is None:
                try:
                    if http.get("/readyz").status_code == httpx.codes.OK:
                        return True
                except httpx.TransportError:
                    pass
                time.sleep(0.02)
        return False

    def _end(self) -> None:
        end(self._process, STOP_WITHIN)


def end(process: subprocess.Popen, within: float) -> None:
    """Ends a process in order, or, when it takes longer than so many seconds, at once."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
