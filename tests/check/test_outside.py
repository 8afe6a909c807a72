"""Other people's programs read what we wrote, and we read what they wrote."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.check.conftest import Crawled
from tests.check.kit import BIN, VALIDATORS, run, warc_files
from tests.corpus import CORPUS

pytestmark = [pytest.mark.check, pytest.mark.corpus]

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
    sealed = [shut for shut in warc_files(crawled.data) if shut.suffix == ".gz"]
    assert sealed, "a finished crawl seals its file"
    run(VALIDATORS / "wacz", "create", "-o", tmp_path / "out.wacz", *sealed)
    run(VALIDATORS / "wacz", "validate", "-f", tmp_path / "out.wacz")


@pytest.mark.parametrize("sample", _SAMPLES)
def test_import_takes_what_is_readable_and_never_crashes(sample: str, tmp_path: Path) -> None:
    arguments = ["import", CORPUS / "warc-samples" / sample, "--data", tmp_path / "data", "--json"]
    command = [str(BIN / "broadsheet"), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    json.loads(done.stdout.splitlines()[-1])
