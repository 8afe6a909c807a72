"""A leash: a child process dies, at once and for certain, when its parent does.

    parent: pipe() ── keeps the writing end ──▶ killed: the kernel closes it
    child:  opens the reading end, asks the kernel for SIGKILL when the pipe hangs up

PR_SET_PDEATHSIG would be simpler but follows the *thread* that started the child, and trio-parallel starts
its workers from a pool thread that ends after ten idle seconds. The signal here needs no Python code to run
in the child, so it ends a worker that is stuck inside the HTML parser, too. Linux only; elsewhere a no-op.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys

__all__ = ["Leash", "wear"]


class Leash:
    """Held by the parent for as long as its children may live."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        self.tag = (os.getpid(), self._read)

    def close(self) -> None:
        """Let go: every child that wears the leash is killed."""
        os.close(self._write)
        os.close(self._read)


def wear(tag: tuple[int, int]) -> None:
    """Called in the child with the parent's `Leash.tag`. Exits at once if the parent is gone already."""
    if not sys.platform.startswith("linux"):
        return
    parent, fd = tag
    try:
        end = os.open(f"/proc/{parent}/fd/{fd}", os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        os._exit(1)
    fcntl.fcntl(end, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(end, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(end, fcntl.F_SETFL, fcntl.fcntl(end, fcntl.F_GETFL) | os.O_ASYNC)
    if os.getppid() != parent:
        os._exit(1)
