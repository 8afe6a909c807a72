"""CPU of a command and of every process that it starts, by the kernel's own account.

    bench ──▶ python cpu.py OUT COMMAND … (subreaper) ──▶ COMMAND ──▶ its workers
                    └── waits for them all, orphans too, then writes their summed rusage to OUT

Only the standard library, so that it can be run as a script of its own.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

__all__ = ["Usage", "measure"]

_PR_SET_CHILD_SUBREAPER = 36


class Usage(NamedTuple):
    """`cpu` and `wall` in seconds; `memory` the peak of the largest single process, in bytes."""

    cpu: float
    wall: float
    memory: int
    exit_code: int


def measure(command: Sequence[str], folder: Path, timeout: float = 900) -> Usage:
    """Run `command` in `folder`, its output to `folder/output.txt`; raises TimeoutExpired. Python keeps its bytecode
    as it does for users: a tree that is run in place would else be compiled anew at each start."""
    result = folder / "usage.json"
    launcher = [sys.executable, __file__, str(result), *command]
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            launcher,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            process_group=0,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""},
        )
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()
            raise
    return Usage(**json.loads(result.read_text()))


def _main(result: str, *command: str) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    began = time.monotonic()
    exit_code = subprocess.call(command)
    wall = time.monotonic() - began
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    usage = Usage(spent.ru_utime + spent.ru_stime, wall, spent.ru_maxrss * 1024, exit_code)
    Path(result).write_text(json.dumps(usage._asdict()))


if __name__ == "__main__":
    _main(*sys.argv[1:])
