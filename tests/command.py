"""The command line inside the test's own process: as quick as a call. Where processes matter, tests start real ones."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from crawler.cli.app import app
from crawler.errors import BroadsheetError, ConfigError

__all__ = ["command"]


def command(place: Path, *arguments: str, expect: int = 0) -> list[dict[str, Any]]:
    """The JSON objects that `broadsheet ARGUMENTS` prints in the folder `place`; it must end with `expect`. When
    it ends in an error, that is the one object: {"error": …}."""
    with contextlib.chdir(place):
        done = CliRunner().invoke(app, list(arguments))
    told, code = "", done.exit_code
    if isinstance(done.exception, BroadsheetError):
        told, code = str(done.exception), 2 if isinstance(done.exception, ConfigError) else 1
    elif done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert code == expect, (arguments, code, told, done.output[-3000:])
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return rows or [{"error": told or done.stderr}]
