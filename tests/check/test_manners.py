"""Politeness as the server sees it, and the refusals that come before any request."""

from __future__ import annotations

import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.timeutils import iso_date_to_datetime

from tests.check.kit import BIN, captured, crawl_command, start, warc_files
from tests.corpus import corpus_path
from tests.realweb import RealWeb

pytestmark = [pytest.mark.check, pytest.mark.corpus]

_DELAY = 0.3
_TICK = 0.002  # the log's clock ticks in milliseconds


def _dates(data: Path, host: str) -> list[float]:
    """When exchanges with `host` began, by the archive's own records."""
    dates = []
    for path in warc_files(data):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_type == "response" and f"//{host}:" in record.rec_headers["WARC-Target-URI"]:
                    dates.append(iso_date_to_datetime(record.rec_headers["WARC-Date"]).timestamp())
    return sorted(dates)


def test_no_host_is_met_faster_than_its_delay_by_two_processes(tmp_path: Path) -> None:
    corpus_path("extraction")
    web = RealWeb.build(tmp_path / "web", pages=24, hosts=3, seed=3)
    data = tmp_path / "data"
    with web.serve():
        command = crawl_command(web, data, delay=f"{_DELAY}s")
        both = [start(command, tmp_path / "output.txt") for _ in range(2)]
        assert [process.wait(120) for process in both] == [0, 0], (tmp_path / "output.txt").read_text()
        hits = web.access_log()
    assert captured(data) == dict.fromkeys(web.expected_urls, 1)
    for host in web.hosts:
        mine = sorted((hit for hit in hits if hit.host == host), key=lambda hit: hit.began)
        assert len(mine) >= 9
        pauses = [after.began - before.ended for before, after in pairwise(mine)]
        assert min(pauses) > _DELAY - _TICK
        began = _dates(data, host)
        assert len(began) == len(mine)
        assert min(b - a for a, b in pairwise(began)) >= _DELAY


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["http://127.0.0.1:9/"], "--allow-address"),
        (["http://2130706433/"], "--allow-address"),
        (["https://example.com/"], "contact"),
    ],
)
def test_what_must_not_be_asked_is_refused_in_one_clear_line(
    arguments: list[str], says: str, tmp_path: Path
) -> None:
    command = [str(BIN / "broadsheet"), "crawl", *arguments, "--data", str(tmp_path / "data")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
