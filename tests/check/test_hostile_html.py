"""Pages made to hurt a parser: archived, flagged, at most their limit, and the crawl goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.reader.files import Found, read_file
from tests.check.kit import BIN, run
from tests.command import command
from tests.plainserver import plain_server

pytestmark = pytest.mark.check

LIMIT = 4.0
STORIES = ("quay", "bridge", "mill", "school", "lighthouse", "library")
GOOD = {
    f"/good/{thing}": (
        f"<!doctype html><title>The {thing} rebuilt</title><article><h1>The {thing} rebuilt</h1>"
        + "".join(
            f"<p>In {year} the {thing} had {year - 1900} visitors a day, and the {thing}'s keeper, whose "
            f"{'grand' * (n + 1)}father had built it, said in the rain of {year} that it would last.</p>"
            for n, year in enumerate(range(1970 + len(thing), 1976 + len(thing)))
        )
        + "</article>"
    ).encode()
    for thing in STORIES
}
HOSTILE = {
    "/nested": b"<div>" * 100_000,
    "/deeper": b"<div>"
    * 500_000,  # beyond the limit on any machine, also of a worker just begun, which has longer
    "/nested-text": b"<title>x</title>" + b"<blockquote><p>word " * 60_000,
    "/attributes": b"<p " + b"".join(b"a%d=1 " % n for n in range(40_000)) + b">one tag</p>",
    "/one-line": b"<p>" + b"word <b>bold</b> " * 600_000,
    "/one-word": b"<p>" + b"x" * 10_000_000,
    "/links": b"".join(b'<a href="http://never.example/%d/?a=%d#%d">' % (n, n, n) for n in range(150_000)),
    "/tables": b"<table><tr><td>" * 30_000,
    "/entities": b"&#x41;&amp;&nosuch;" * 400_000,
    "/formatting": b"<b><i><u><a href=x>" * 20_000,
    "/json": b'<script type="application/ld+json">' + b'[{"a":' * 200_000 + b"</script>",
    "/comment": b"<!--" + b"-" * 5_000_000,
}


def test_each_costs_at_most_its_limit_and_the_crawl_goes_on(tmp_path: Path) -> None:
    answers = {path: ("text/html", body) for path, body in HOSTILE.items()}
    answers |= {path: ("text/html", body) for path, body in GOOD.items()}
    robots = b"User-agent: *\n" + b"Disallow: /" + b"*a" * 30_000 + b"\n" + b"Allow: /*x" * 20_000
    answers["/robots.txt"] = ("text/plain", robots)
    with plain_server(answers) as server:
        extra = f'[extraction]\nprocesses = 2\ntimeout = {LIMIT}\nmemory = "512MiB"\n'
        (tmp_path / "broadsheet.toml").write_text(server.settings("a.example", extra=extra), encoding="utf-8")
        seeds = [f"http://a.example{path}" for path in sorted(answers) if path != "/robots.txt"]
        (tmp_path / "seeds").write_text("\n".join(seeds), encoding="utf-8")
        run(BIN / "broadsheet", "crawl", "--seeds", "seeds", "--json", folder=tmp_path, timeout=300)
    [file] = (tmp_path / "data" / "archive").iterdir()
    kept = {f.capture.url: f.capture for f in read_file(file) if isinstance(f, Found)}
    for path, body in HOSTILE.items():
        assert kept[f"http://a.example{path}"].content().data == body, (
            "archived whole, before anything parsed it"
        )
    read = {}
    for url in seeds:
        [known] = command(tmp_path, "explain", url, "--json")
        read[url.removeprefix("http://a.example")] = known["captures"][0]
    assert {path: read[path]["outcome"] for path in GOOD} == dict.fromkeys(GOOD, "ok")
    assert read["/deeper"]["outcome"] == "timeout"
    struck = [read[path] for path in HOSTILE if read[path]["outcome"] == "timeout"]
    assert all(f"{LIMIT:g} s" in page["detail"] for page in struck)
    assert {read[path]["outcome"] for path in HOSTILE} <= {"ok", "none", "timeout", "memory", "crash"}
    assert not any("never" in place for place in server.asked)
