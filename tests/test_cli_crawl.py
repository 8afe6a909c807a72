"""The installed command on the demo's newsroom, over real sockets and in real processes: one road, from end to end."""

from __future__ import annotations

import gzip
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from archive.store import Store
from crawler.demo import build_newsroom
from crawler.demo.server import Server, running
from tests.command import command

COMMAND = str(Path(sys.executable).with_name("broadsheet"))
SEED = "http://lantern.example/"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running(build_newsroom(1, today=date(2026, 11, 20), crawl_delay=0)) as up:
        yield up


@pytest.fixture(scope="module")
def folder(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with settings that reach the newsroom, and The Lantern crawled."""
    place = tmp_path_factory.mktemp("cli")
    (place / "broadsheet.toml").write_text(server.settings, encoding="utf-8")
    run(place, "crawl", SEED, "--delay", "0", "--json")
    return place


def run(place: Path, *arguments: str, expect: int = 0) -> list[dict[str, Any]]:
    done = subprocess.run([COMMAND, *arguments], capture_output=True, cwd=place, timeout=60, check=False)
    assert done.returncode == expect, (arguments, done.stdout[-1500:], done.stderr[-3000:])
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith(b"{")]


def articles(place: Path) -> list[dict[str, Any]]:
    return sorted(run(place, "articles", "export"), key=lambda article: str(article["url"]))


def test_every_article_is_in_the_index_with_its_title(folder: Path, server: Server) -> None:
    titles = {url: facts["title"] for url, facts in server.newsroom.truth.items() if url.startswith(SEED)}
    found = {article["url"]: article["title"] for article in articles(folder)}
    assert titles and {url: found.get(url) for url in titles} == titles


def test_what_its_pages_taught_is_used_on_the_first_of_them_too(folder: Path, server: Server) -> None:
    """No page of The Lantern declares the site's name: all of them together tell it."""
    names = {facts["site_name"] for url, facts in server.newsroom.truth.items() if url.startswith(SEED)}
    assert {article["site_name"] for article in articles(folder)} == names
    store = Store.open(folder / "data" / "crawl.db", create=False)
    taught = store.template("lantern.example")
    assert taught is not None and taught.version == store.template_versions()["lantern.example"] != ""
    assert len(store.lessons("lantern.example", 20)) == 20
    store.close()


def test_the_archive_is_proved(folder: Path) -> None:
    assert run(folder, "verify", "--json") == [{"errors": 0, "warnings": 0}]
    [file] = (folder / "data" / "archive").glob("*.warc.gz*")
    assert run(folder, "verify", str(file), "--json")[-1]["errors"] == 0


def test_an_export_tells_scripts_what_is_in_the_file(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "articles.csv"
    [told] = run(folder, "articles", "export", "--format", "csv", "--output", str(file), "--json")
    assert told == {"articles": len(articles(folder)), "output": str(file)}
    run(folder, "articles", "export", "--format", "csv", "--json", expect=2)


def copied(folder: Path, to: Path) -> Path:
    shutil.copytree(folder, to, dirs_exist_ok=True)
    return to


def test_a_lost_index_is_made_anew(folder: Path, tmp_path: Path) -> None:
    place = copied(folder, tmp_path)
    (place / "data" / "articles.db").write_text("no database")
    told = command(place, "articles", "list", "--json", expect=1)[0]["error"]
    assert "damaged" in told and "`broadsheet replay`" in told
    for file in (place / "data").glob("articles.db*"):
        file.unlink()
    assert command(place, "articles", "list", "--json") == [{"error": ""}]
    run(place, "replay", "--json")
    assert articles(place) == articles(folder)


def test_a_lost_database_is_built_from_the_files_before_anything_is_asked(
    folder: Path, server: Server, tmp_path: Path
) -> None:
    place = copied(folder, tmp_path)
    (place / "data" / "crawl.db").write_text("no database")
    assert "`broadsheet recover`" in command(place, "status", "--json", expect=1)[0]["error"]
    for file in (place / "data").glob("crawl.db*"):
        file.unlink()
    asked = len(server.hits)
    refused = subprocess.run(
        [COMMAND, "crawl", SEED], capture_output=True, cwd=place, timeout=60, check=False
    )
    assert (refused.returncode, len(server.hits)) == (1, asked)
    assert b"`broadsheet recover`" in refused.stderr
    [mended] = run(place, "recover", "--json")
    assert (mended["lost"], mended["moved"]) == (0, None) and mended["adopted"] > 20
    assert run(place, "verify", "--json") == [{"errors": 0, "warnings": 0}]


def test_a_replay_that_cannot_read_says_so(folder: Path, tmp_path: Path) -> None:
    place = copied(folder, tmp_path)
    shutil.rmtree(place / "data" / "archive")
    [end] = run(place, "replay", "--force", "--json", expect=1)
    assert end["error"] == end["replayed"] > 20


def test_a_replay_gives_the_same_articles_and_asks_nobody(folder: Path, server: Server) -> None:
    before, asked = articles(folder), len(server.hits)
    [end] = run(folder, "replay", "--force", "--json")
    assert end["replayed"] == end["articles"] + end["none"]
    assert (articles(folder), len(server.hits)) == (before, asked)
    assert run(folder, "replay", "--dry-run", "--json") == [{"outdated": 0}]
    [refused] = command(folder, "replay", "--site", "xyzzy", "--json", expect=2)
    assert "there is no site 'xyzzy'" in refused["error"] and "there are: " in refused["error"]


def test_an_export_makes_the_folder_that_it_is_to_lie_in(folder: Path) -> None:
    run(folder, "articles", "export", "--output", "new/within/articles.jsonl")
    assert len((folder / "new/within/articles.jsonl").read_bytes().splitlines()) == len(articles(folder))
    (folder / "file").touch()
    [refused] = command(folder, "articles", "export", "--output", "file/articles.jsonl", expect=1)
    assert "file: could not be written" in refused["error"]


def test_an_article_is_found_shown_and_explained(folder: Path) -> None:
    article = articles(folder)[0]
    word = max(article["title"].split(), key=len)
    assert article["url"] in [
        row["url"] for row in run(folder, "articles", "search", word, "--limit", "100", "--json")
    ]
    assert run(folder, "articles", "show", article["url"], "--json") == [article]
    [seen] = run(folder, "articles", "history", article["url"], "--json")
    assert (seen["page_type"], seen["changed"]) == ("article", False), "the first capture changes nothing"
    [known] = run(folder, "explain", article["url"], "--json")
    assert known["robots"]["status"] == "ok" and len(known["captures"]) == 1
    [stats] = run(folder, "status", "--json")
    assert stats["urls"]["queued"] == 0 and stats["captures"] > 10


def test_crawling_again_asks_conditionally_and_keeps_every_article(folder: Path) -> None:
    before = articles(folder)
    run(folder, "crawl", SEED, "--delay", "0", "--json")
    assert articles(folder) == before
    assert run(folder, "verify", "--json")[-1]["errors"] == 0


def test_a_page_that_has_not_changed_is_read_from_its_original(server: Server, tmp_path: Path) -> None:
    (tmp_path / "broadsheet.toml").write_text(server.settings, encoding="utf-8")
    front = "http://gazette.example/"
    run(tmp_path, "crawl", "gazette", "--delay", "0", "--max-depth", "0", "--json")
    [known] = run(tmp_path, "explain", front, "--json")
    alone = len(articles(tmp_path))
    assert len(known["captures"]) == 1
    run(tmp_path, "crawl", "gazette", "--delay", "0", "--max-depth", "1", "--json")
    [known] = run(tmp_path, "explain", front, "--json")
    again, first = known["captures"]
    assert again["revisit_of"] == first["record_id"]
    assert (again["fingerprint"], again["page_type"]) == (first["fingerprint"], first["page_type"])
    assert len(articles(tmp_path)) > alone + 5, "its links were taken"
    assert run(tmp_path, "replay", "--dry-run", "--json") == [{"outdated": 0}]
    [end] = run(tmp_path, "replay", "--force", "--url", front, "--json")
    assert end["replayed"] == 2


def test_ctrl_c_leaves_a_crawl_to_be_gone_on_with(server: Server, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "broadsheet.toml").write_text(server.settings, encoding="utf-8")
    asked = len(server.hits)
    crawl = subprocess.Popen(
        [COMMAND, "crawl", SEED, "--delay", "100ms"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    while len(server.hits) < asked + 5 and crawl.poll() is None:
        try:
            crawl.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
    crawl.send_signal(signal.SIGINT)
    out, _ = crawl.communicate(timeout=30)
    assert crawl.returncode == 130, out
    assert b"Traceback" not in out
    run(tmp_path, "crawl", SEED, "--delay", "0", "--json")
    assert [a["url"] for a in articles(tmp_path)] == [a["url"] for a in articles(folder)]
    assert run(tmp_path, "verify", "--json")[-1]["errors"] == 0


def test_what_was_archived_alone_is_read_by_a_replay(server: Server, tmp_path: Path) -> None:
    (tmp_path / "broadsheet.toml").write_text(server.settings, encoding="utf-8")
    story = next(url for url in server.newsroom.truth if url.startswith(SEED))
    [end] = run(tmp_path, "crawl", SEED, story, "--no-extract", "--delay", "0", "--json")
    assert (end["finished"], end.get("articles", 0)) == (True, 0)
    [end] = run(tmp_path, "replay", "--json")
    assert end["replayed"] == 3 and story in [a["url"] for a in articles(tmp_path)]
    [file] = (tmp_path / "data" / "archive").glob("*.warc.gz*")
    said = gzip.decompress(file.read_bytes()).partition(b"\r\n\r\n")[2].partition(b"\r\n\r\n")[0]
    assert b"redacted-request-headers: authorization, cookie, proxy-authorization" in said


@pytest.mark.parametrize(
    "command", [("replay", "--url"), ("explain",), ("export", "cdxj", "--url"), ("forget",)]
)
def test_what_is_no_url_is_refused_in_one_line(command: tuple[str, ...], folder: Path) -> None:
    arguments = [COMMAND, *command, "gazette/news", "--data", str(folder / "data")]
    more = ["--reason", "x"] if command == ("forget",) else []
    done = subprocess.run([*arguments, *more], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert " ".join(done.stderr.split()).startswith(
        f"error: {' '.join([*command[1:][-1:], 'gazette/news'])}: this is no http"
    )


def test_a_folder_is_not_written_over(folder: Path, tmp_path: Path) -> None:
    arguments = [COMMAND, "export", "cdxj", "--output", str(tmp_path), "--data", str(folder / "data")]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert (done.returncode, list(tmp_path.iterdir())) == (1, [])
    assert f"{tmp_path}: this is a folder" in " ".join(done.stderr.split())
