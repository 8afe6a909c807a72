"""A plain HTTP server in a thread, on one loopback address of its own: pages from a dict, and what was asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["PlainServer", "plain_server"]


class PlainServer:
    """`answers` maps a path to (content type, body), or to the whole response when it is bytes, after which the
    connection is closed; anything else is a 404. `asked` are the paths (with the Host in front) in order."""

    def __init__(self, answers: dict[str, tuple[str, bytes] | bytes], port: int) -> None:
        self.answers, self.port, self.asked = answers, port, list[str]()
        self.wrote: dict[str, int] = {}

    def settings(self, *names: str, extra: str = "") -> str:
        """A `broadsheet.toml` that leads these names here."""
        entries = ", ".join(f'"{name}=127.0.0.1:{self.port}"' for name in names)
        return f'allow_address = ["127.0.0.0/8"]\nresolve = [{entries}]\ndelay = 0\ncontact = "me@x.example"\n{extra}'


@contextmanager
def plain_server(answers: dict[str, tuple[str, bytes] | bytes]) -> Iterator[PlainServer]:
    """A PlainServer that serves until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            server.asked.append(f"{self.headers['Host']}{self.path}")
            answer = answers.get(self.path, ("text/plain", b""))
            try:
                if isinstance(answer, bytes):
                    self.close_connection = True
                    self.wfile.write(answer)
                    return
                kind, body = answer
                self.send_response(200 if self.path in answers else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                for at in range(0, len(body), 65536):
                    self.wfile.write(body[at : at + 65536])
                    self.wfile.flush()
                    server.wrote[self.path] = at + 65536
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing on the test's screen."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server = PlainServer(answers, http.server_address[1])
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()
