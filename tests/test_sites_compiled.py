"""Compiled and interpreted, extraction is the same; and what counts are the sources as they are now."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from sites.generic import FOLDER
from sites.generic.compiled import NATIVE, STAMP, digest, use
from tests.corpus import corpus_path
from tests.score.predict import cases

_CHILD = """
import gzip, sys
from hashlib import sha256
from sites import Page, extract
from sites.generic import survey
print(survey.__file__)
for case in sys.stdin.read().split():
    page = Page(url=f"https://paper.example/{len(case)}", html=gzip.open(f"{case}/page.html.gz").read())
    print(case, sha256(repr(extract(page, why=True)).encode()).hexdigest())
"""


def packages(folder: Path, *, native: bool) -> Path:
    """A copy of the package `sites` in a folder of its own."""
    left_out = shutil.ignore_patterns("__pycache__", *(() if native else (NATIVE,)))
    shutil.copytree(FOLDER.parent, folder / "sites", ignore=left_out)
    return folder


def told(folder: Path, pages: list[Path]) -> list[str]:
    """Which file is the survey's, by the packages in this folder, and a digest of each page's extraction."""
    return subprocess.run(
        [sys.executable, "-c", _CHILD], input="\n".join(map(str, pages)), cwd=folder, capture_output=True, text=True, check=True
    ).stdout.splitlines()  # fmt: skip


def compiled() -> None:
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    if shutil.which(compiler) is None:
        pytest.skip(f"there is no C compiler ({compiler}) to compile sites/generic with")
    assert (FOLDER / NATIVE / STAMP).exists(), "sites/generic is not compiled: make compiled"


def test_a_digest_tells_every_source_around(tmp_path: Path) -> None:
    generic = packages(tmp_path, native=False) / "sites" / "generic"
    seen = {digest(generic)}
    for source in (generic / "survey.py", generic.parent / "moment.py"):
        source.write_text(source.read_text() + "\n# changed\n")
        seen.add(digest(generic))
    (generic / "new.py").write_text("")
    assert len(seen | {digest(generic)}) == 4


@pytest.mark.parametrize("stamp", [None, "0" * 64])
def test_what_was_compiled_from_other_sources_is_not_used(tmp_path: Path, stamp: str | None) -> None:
    generic = packages(tmp_path, native=False) / "sites" / "generic"
    if stamp is not None:
        (generic / NATIVE).mkdir()
        (generic / NATIVE / STAMP).write_text(stamp)
    assert use(generic) is None


def test_an_edit_counts_at_once(tmp_path: Path) -> None:
    compiled()
    generic = packages(tmp_path, native=True) / "sites" / "generic"
    source = generic / "survey.py"
    source.write_text(source.read_text() + "\nBLOCKS = 1\n")
    assert told(tmp_path, []) == [str(source)]


@pytest.mark.check
@pytest.mark.corpus
def test_compiled_and_interpreted_are_the_same(tmp_path: Path) -> None:
    """Every ninth page of the corpora, with all evidence, by two copies of the same sources."""
    compiled()
    pages = [case for name in ("extraction", "extraction-extra") for case in cases(corpus_path(name))[::9]]
    fast, *machine = told(packages(tmp_path / "fast", native=True), pages)
    slow, *sources = told(packages(tmp_path / "slow", native=False), pages)
    assert NATIVE in Path(fast).parts and Path(slow).suffix == ".py"
    assert len(pages) > 150
    assert machine == sources
