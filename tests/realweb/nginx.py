"""nginx as one child process of the test, ended by its pid."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import msgspec

__all__ = ["Hit", "free_port", "nginx_missing", "read_log", "run_nginx"]

_CONF = """\
daemon off;
master_process off;
pid nginx.pid;
error_log error.log;
events {{ worker_connections 4096; }}
http {{
    types {{ text/html html; text/plain txt; }}
    default_type text/html;
    log_format hits '$msec $request_time $server_addr $request_method $request_uri $status $http_user_agent';
    access_log access.log hits;
    client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp;
    uwsgi_temp_path tmp; scgi_temp_path tmp;
    sendfile on;
    keepalive_requests 100000;
    gzip_static always;
    gunzip on;
    server {{
        {listen}
        root hosts/$server_addr;
        rewrite ^/$ /index.html break;
    }}
}}
"""


class Hit(msgspec.Struct, frozen=True):
    """One line of the access log. `began` and `ended` are seconds (UTC epoch), by the server's clock."""

    began: float
    ended: float
    host: str
    method: str
    path: str
    status: int
    agent: str


def _program() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def nginx_missing() -> str:
    """What to say when there is no nginx to run; "" when there is."""
    return "" if _program() else "nginx is not installed: apt-get install nginx"


def _listen(host: str, port: int) -> socket.socket:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(511)
    except OSError:
        sock.close()
        raise
    return sock


def _answers(host: str, port: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex((host, port)) == 0


def free_port(hosts: Sequence[str]) -> int:
    """A port below the ephemeral range, free on all of `hosts`; each process starts at another place."""
    for step in range(10_000):
        port = 20_000 + (os.getpid() * 37 + step) % 10_000
        try:
            with ExitStack() as stack:
                for host in hosts:
                    stack.enter_context(_listen(host, port))
        except OSError:
            continue
        return port
    raise RuntimeError("no free port between 20000 and 30000")


@contextmanager
def run_nginx(directory: Path, hosts: Sequence[str], port: int) -> Iterator[int]:
    """Serve `directory/hosts/ADDRESS` on each address, with a new access log; yields nginx's pid."""
    program = _program()
    if program is None:
        raise RuntimeError(nginx_missing())
    listen = " ".join(f"listen {host}:{port};" for host in hosts)
    (directory / "nginx.conf").write_text(_CONF.format(listen=listen))
    (directory / "access.log").write_bytes(b"")
    process = subprocess.Popen(
        [program, "-p", f"{directory}/", "-c", "nginx.conf"], stderr=subprocess.DEVNULL
    )
    try:
        while not _answers(hosts[-1], port):
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.02)
                raise RuntimeError(f"nginx ended: {(directory / 'error.log').read_text()[-2000:]}")
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def read_log(directory: Path) -> list[Hit]:
    """The access log of the last `run_nginx`, in the order of the answers."""
    hits = []
    for line in (directory / "access.log").read_text(encoding="utf-8", errors="replace").splitlines():
        ended, took, host, method, path, status, agent = line.split(" ", 6)
        hits.append(Hit(float(ended) - float(took), float(ended), host, method, path, int(status), agent))
    return hits
