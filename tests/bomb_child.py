"""A process that reads a capture as a worker does and says how its memory grew: `python -m tests.bomb_child FILE URL`.

Prints a JSON object: bytes decoded, the problem, what extraction made of it, and by how much the peak resident size
of this process, which had read an ordinary page before, has risen since it was idle.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from archive.capture import Location
from archive.reader import read_capture
from archive.reader.files import Found, read_file
from crawler.workers.child import extract_at
from crawler.workers.job import ExtractJob
from tests.memory import peak_memory


def _read(path: Path, url: str, location: Location) -> str:
    return extract_at(ExtractJob(path=str(path), location=location, url=url)).outcome


def main(path: Path, url: str) -> None:
    """Read the file's first capture, an ordinary page, and then that of `url`."""
    places = {found.capture.url: found.location for found in read_file(path) if isinstance(found, Found)}
    _read(path, *next(iter(places.items())))
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is what it is now
    idle = peak_memory()
    decoded = read_capture(path, places[url]).content()
    size, problem = len(decoded.data), decoded.problem
    del decoded
    outcome = _read(path, url, places[url])
    print(json.dumps({"size": size, "problem": problem, "outcome": outcome, "grew": peak_memory() - idle}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
