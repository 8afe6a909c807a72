"""Ten times the pages, the same memory."""

from __future__ import annotations

import re
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from tests.check.kit import crawl_command, start
from tests.realweb import RealWeb

pytestmark = [pytest.mark.check, pytest.mark.corpus]


def _peak(web: RealWeb, folder: Path) -> int:
    """The greatest resident size of the crawl's main process, in bytes."""
    peak = 0
    with web.serve():
        process = start(crawl_command(web, folder / "data"), folder / "output.txt")
        while process.poll() is None:
            status = Path(f"/proc/{process.pid}/status").read_text()
            peak = max([peak, *(int(size) * 1024 for size in re.findall(r"VmHWM:\s+(\d+) kB", status))])
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
        hits = web.access_log()
    assert process.returncode == 0, (folder / "output.txt").read_text()[-3000:]
    assert {web.url_of(hit) for hit in hits if hit.path != "/robots.txt"} == web.expected_urls
    return peak


def test_memory_does_not_grow_with_the_crawl(realweb: RealWeb, tmp_path: Path) -> None:
    large = RealWeb.build(tmp_path / "web", pages=4000, hosts=10, seed=2)
    (tmp_path / "small").mkdir()
    small = _peak(realweb, tmp_path / "small")
    growth = _peak(large, tmp_path) - small
    assert growth < 30_000_000, f"{growth / 1e6:.1f} MB more than {small / 1e6:.1f} MB"
