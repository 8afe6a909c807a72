"""Other people's programs read what we wrote, and we read what they wrote."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.check.conftest import Crawled
from tests.check.kit import BIN, VALIDATORS, run, warc_files
from tests.corpus import CORPUS

pytestmark = [pytest.mark.check, pytest.mark.corpus]

_SOUND = (
    "gowarc__good.warc.gz.open",
    "pywb__iana.warc.gz",
    "warcio__example.arc.gz",
    "selfmade__iana.warc.zst",
)
_DAMAGED = ("gowarc__corrupted-mid-record.warc.gz.open", "warcio__example-trunc.warc", "warcio__bad.arc")
_SAMPLES = sorted(path.name for path in (CORPUS / "warc-samples").glob("*") if path.suffix != ".md")


def test_cdxj_indexer_finds_every_page(crawled: Crawled) -> None:
    urls = set()
    for path in warc_files(crawled.data):
        for line in run(VALIDATORS / "cdxj-indexer", path).splitlines():
            fields = json.loads(line.split(" ", 2)[2])
            urls.add(fields["url"])
            assert fields["status"] == "200"
    assert crawled.web.expected_urls <= urls


def test_wacz_packs_and_validates_the_archive(crawled: Crawled, tmp_path: Path) -> None:
    # the tool goes by the name's end; a file that the next crawl may continue is still called .open
    files = [
        shutil.copy(path, tmp_path / path.name.removesuffix(".open")) for path in warc_files(crawled.data)
    ]
    run(VALIDATORS / "wacz", "create", "-o", tmp_path / "out.wacz", *files)
    run(VALIDATORS / "wacz", "validate", "-f", tmp_path / "out.wacz")


def test_import_takes_what_is_readable_and_names_every_damage(tmp_path: Path) -> None:
    samples = [str(CORPUS / "warc-samples" / name) for name in _SAMPLES]
    command = [str(BIN / "broadsheet"), "import", *samples, "--data", str(tmp_path / "data"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    rows = {row["file"]: row for row in map(json.loads, done.stdout.splitlines()) if "file" in row}
    assert set(rows) == set(_SAMPLES)
    assert all(place["offset"] >= 0 and place["reason"] for row in rows.values() for place in row["damage"])
    assert {name for name in _DAMAGED if not rows[name]["damage"]} == set()
    assert {name for name in _SOUND if rows[name]["damage"] or not rows[name]["captures"]} == set()
