"""pywb, a replay program of others, as a process of its own: a collection made from files, asked on loopback."""

from __future__ import annotations

import http.client
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.check.kit import VALIDATORS, run

__all__ = ["Wayback", "collection", "replayed"]

_COLLECTION = "archive"
_START = 60.0


class Wayback:
    """A running wayback; `get` asks for a capture as it was, without rewriting."""

    def __init__(self, port: int) -> None:
        self._port = port

    def get(self, stamp: str, url: str) -> tuple[int, str, bytes]:
        """Status, Location and body of the capture closest to `stamp` (14 digits), its coding left on."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            headers = {"Accept-Encoding": "gzip, deflate, br, zstd", "Connection": "close"}
            connection.request("GET", f"/{_COLLECTION}/{stamp}id_/{url}", headers=headers)
            answer = connection.getresponse()
            try:
                body = answer.read()
            except http.client.IncompleteRead as cut:  # a record that was cut short is replayed as it is
                body = cut.partial
            return answer.status, answer.getheader("Location") or "", body
        finally:
            connection.close()


def collection(folder: Path, *files: Path, options: tuple[str, ...] = ()) -> Path:
    """A collection with these files, indexed by pywb unless they are WACZ files to be unpacked (`options`)."""
    folder.mkdir()
    run(VALIDATORS / "wb-manager", "init", _COLLECTION, folder=folder)
    if files:
        run(VALIDATORS / "wb-manager", "add", *options, _COLLECTION, *files, folder=folder)
    return folder / "collections" / _COLLECTION


@contextmanager
def replayed(folder: Path) -> Iterator[Wayback]:
    """wayback over the collections in `folder`, stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [VALIDATORS / "wayback", "-b", "127.0.0.1", "-p", str(port), "-d", folder]
    with (
        (folder / "wayback.log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log) as process,
    ):
        try:
            until = time.monotonic() + _START
            while not _answers(port):
                assert process.poll() is None and time.monotonic() < until, (
                    folder / "wayback.log"
                ).read_text()
            yield Wayback(port)
        finally:
            process.kill()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.5).close()
    except OSError:
        return False
    return True
