"""The tour of `broadsheet demo`, as its users take it: read, and every step that it prints pasted."""

from __future__ import annotations

import csv
import json
import re
import subprocess
from pathlib import Path

import msgspec
import pytest

from archive.reader import Found, read_file
from archive.warc import Info, WarcFile
from crawler.demo import build_newsroom
from sites.url import hostname
from tests.check.kit import BIN, run, warc_files
from tests.picture import draw

pytestmark = pytest.mark.check


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "a tour"


@pytest.fixture(scope="module")
def said(folder: Path) -> str:
    command = [str(BIN / "broadsheet"), "demo", "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return done.stdout


def steps(said: str) -> list[str]:
    """The commands of the last step."""
    return re.findall(r"^    (\S.*)$", said.partition("\n6  ")[2], re.MULTILINE)


def test_every_article_of_every_paper_was_found(said: str) -> None:
    counted = {
        host: int(count) for host, count in re.findall(r"(\w+\.example) +\d+ +(\d+)$", said, re.MULTILINE)
    }
    assert sorted(counted) == [
        f"{name}.example" for name in ("brightledger", "gazette", "lantern", "minato", "observer")
    ]
    papers = build_newsroom().papers
    assert counted == {host: len(papers[host].truth) for host in counted}


def test_one_page_stands_beside_its_article(said: str) -> None:
    beside = said.partition("\n3  ")[2].partition("\n4  ")[0]
    for became in ("title", r"section: \w+", r"published: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", "paragraph 1", "tags",
                   "site name: BrightLedger Capital Hub", "related: 10 headlines", "left out"):  # fmt: skip
        assert re.search(rf" {became} *$", beside, re.MULTILINE), became
    assert re.search(r"^(soUseful|veryGood|wellDone)! \(\d+\) · Related +left out *$", beside, re.MULTILINE)


def test_old_pages_heal(said: str) -> None:
    lesson = said.partition("\n4  ")[2].partition("\n5  ")[0]
    assert "24 of The Lantern's 24 articles have no author" in lesson
    assert re.search(r"^   - authors = .*\n   \+ authors = ", lesson, re.MULTILINE)
    assert "24 articles have their authors now" in lesson
    assert re.search(r"–  +\w+ \w+", lesson)
    assert "asked for none of them" in " ".join(lesson.split())


def test_it_can_be_read_in_a_hundred_columns(said: str) -> None:
    commands = {f"    {step}" for step in steps(said)}
    assert [line for line in said.splitlines() if len(line) > 100 and line not in commands] == []


def test_every_step_printed_at_the_end_works_when_pasted(said: str, folder: Path) -> None:
    lines = steps(said)
    assert len(lines) == 9
    script = "\n".join(
        ["set -e", "trap 'kill $(jobs -p)' EXIT", *(f"echo; echo '$ step'\n{line}" for line in lines)]
    )
    done = subprocess.run(
        ["bash"],
        input=script,
        capture_output=True,
        text=True,
        timeout=300,
        cwd=folder.parent,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    into, found, shown, known, exported, proved, _up, crawled, stands = done.stdout.split("\n$ step\n")[1:]
    assert into == ""
    assert "http://" in found
    assert shown.startswith("title") and "The Harbour Gazette" in shown
    assert "robots.txt" in known and "200" in known
    with (folder / "articles.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == int(re.search(r"(\d+) articles in all", said)[1])  # type: ignore[index]
    assert re.match(r"\d+ articles in articles.csv", exported)
    assert "everything agrees" in proved
    assert "crawling moody" in crawled and re.search(r"\d+ articles", crawled)
    assert "moody" in stands


def hurried(file: Path, folder: Path, hosts: set[str]) -> Path:
    """A copy of a WARC whose crawl took no rest before its fifth visit to each of `hosts`."""
    copy = WarcFile.create(folder, Info(), now=1, token="tampered", serial=1)
    seen: dict[str, list[int]] = {}
    for item in read_file(file):
        assert isinstance(item, Found)
        capture = item.capture
        ends = seen.setdefault(hostname(capture.url), [])
        if len(ends) == 4 and hostname(capture.url) in hosts:
            capture = msgspec.structs.replace(capture, fetched_at=ends[-1] + 1_000)
        ends.append(capture.fetched_at + capture.took)
        copy.append(capture)
    return copy.seal()


def test_its_archive_proves_itself_and_its_manners(said: str, folder: Path, tmp_path: Path) -> None:
    assert said
    [file] = warc_files(folder / "data")
    for of in (["--data", str(folder / "data")], [str(file)]):
        run(BIN / "broadsheet", "verify", *of)
        run(BIN / "broadsheet", "verify", "--manners", *of)
    hosts = {"gazette.example", "minato.example"}
    command = [
        str(part)
        for part in (BIN / "broadsheet", "verify", "--manners", hurried(file, tmp_path, hosts), "--json")
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    findings = [json.loads(line) for line in done.stdout.splitlines()][:-1]
    assert (done.returncode, {found["rule"] for found in findings}) == (1, {"manners-delay"})
    assert {hostname(found["message"].split(" ")[0]) for found in findings} == hosts


def test_it_begins_with_nothing(said: str, folder: Path) -> None:
    command = [str(BIN / "broadsheet"), "demo", "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert f"{folder}: it is not empty" in " ".join(done.stderr.split())


def test_the_picture_of_the_readme_is_what_the_tour_prints() -> None:
    drawn = (Path(__file__).parents[2] / "docs" / "demo.svg").read_text("utf-8")
    assert draw() == drawn, "`make picture` draws it anew"
