"""Proof of manners from the WARC alone: passes on a polite crawl, names each breach of a rude one."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from archive.capture import Capture, Revisit
from archive.verify import verify_manners
from tests.archive_kit import CLOCK, html, warc

SECOND = 1_000_000
ROBOTS = b"User-agent: *\nDisallow: /secret\nCrawl-delay: 2\n"


class Rules:
    """Lines of `Disallow: /path` and one crawl-delay: enough for these tests."""

    def __init__(self, body: bytes) -> None:
        lines = [line.partition(": ") for line in body.decode().splitlines()]
        self.denied = tuple(value for name, _, value in lines if name == "Disallow")
        delays = [float(value) for name, _, value in lines if name == "Crawl-delay"]
        self.crawl_delay = delays[0] if delays else None

    def allows(self, url: str) -> bool:
        return not any(path in url for path in self.denied)


def delay_of(promised: int, crawl_delay: float | None) -> int:
    return max(promised, int((crawl_delay or 0.0) * SECOND))


def at(
    seconds: float, path: str, body: bytes = b"x", *, status: bytes = b"200 OK", **more: object
) -> Capture:
    capture = html(body, url=f"http://a.example{path}")
    response = bytes(capture.response).replace(b"200 OK", status)  # type: ignore[arg-type]
    values = {"response": response, "fetched_at": CLOCK + int(seconds * SECOND), "took": SECOND // 10}
    values |= {"delay": SECOND, **more}
    return msgspec.structs.replace(capture, **values)


def breaches(folder: Path, *captures: Capture) -> list[tuple[str, int]]:
    """Rule and number of the capture, of each finding."""
    file = warc(folder)
    places = [file.append(capture).location.offset for capture in captures]
    path = file.seal()
    return [(f.rule, places.index(f.offset)) for f in verify_manners([path], Rules, delay_of)]


def test_a_polite_crawl(tmp_path: Path) -> None:
    polite = (at(0, "/robots.txt", ROBOTS), at(3, "/a"), at(6, "/b"))
    assert breaches(tmp_path, *polite) == []


@pytest.mark.parametrize(
    ("captures", "expected"),
    [
        ((at(0, "/robots.txt", ROBOTS), at(3, "/secret/a")), [("manners-robots", 1)]),
        ((at(0, "/robots.txt", ROBOTS), at(3, "/a"), at(4.9, "/b")), [("manners-delay", 2)]),
        ((at(0, "/a"), at(5, "/robots.txt", ROBOTS), at(9, "/b")), [("manners-robots-unread", 0)]),
        ((at(0, "/robots.txt", ROBOTS), at(100_000, "/a")), [("manners-robots-unread", 1)]),
        ((at(0, "/robots.txt", status=b"503 Busy"), at(3, "/a")), [("manners-robots", 1)]),
        ((at(0, "/robots.txt", status=b"429 Slow"), at(3, "/a")), [("manners-robots", 1)]),
        ((at(0, "/robots.txt", status=b"404 None"), at(3, "/secret")), []),
        # a last good copy stays in force while robots.txt cannot be reached
        (
            (
                at(0, "/robots.txt", ROBOTS),
                at(3, "/robots.txt", status=b"500 X"),
                at(6, "/a"),
                at(9, "/secret"),
            ),
            [("manners-robots", 3)],
        ),
        # rules bind from when they were read
        (
            (at(0, "/robots.txt", b""), at(3, "/secret"), at(6, "/robots.txt", ROBOTS), at(9, "/secret")),
            [("manners-robots", 3)],
        ),
        # what was promised when the exchange before ended: more, then less
        ((at(0, "/robots.txt", b""), at(2, "/a", delay=5 * SECOND), at(6, "/b")), [("manners-delay", 2)]),
        ((at(0, "/robots.txt", b""), at(2, "/a", delay=0), at(2.5, "/b", delay=5 * SECOND)), []),
        # the crawl-delay binds from the end of the robots.txt that asks for it
        ((at(0, "/robots.txt", ROBOTS), at(1.5, "/a")), [("manners-delay", 1)]),
        # two at once
        ((at(0, "/robots.txt", b""), at(3, "/a", took=SECOND), at(3.5, "/b")), [("manners-delay", 2)]),
        # files of others promise nothing: that is said, once
        (
            (at(0, "/robots.txt", ROBOTS, delay=None), at(2.5, "/a", delay=None), at(4, "/b", delay=None)),
            [("manners-no-promise", 0), ("manners-delay", 2)],
        ),
        # a failed attempt that sent nothing is no visit
        (
            (at(0, "/robots.txt", ROBOTS), at(1, "/x", request=b"", response=b"", error="dns"), at(3, "/a")),
            [],
        ),
    ],
)
def test_each_breach_is_named(tmp_path: Path, captures: tuple[Capture, ...], expected: list[object]) -> None:
    assert breaches(tmp_path, *captures) == expected


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    file = warc(tmp_path)
    place = file.append(at(0, "/robots.txt", ROBOTS)).location
    path = file.seal()
    torn = path.with_name("torn.warc.gz")
    torn.write_bytes(path.read_bytes()[: place.offset + 90])
    assert list(verify_manners([path], Rules, delay_of)) == []
    found = [(f.rule, f.severity, f.offset) for f in verify_manners([torn], Rules, delay_of)]
    assert set(found) == {("manners-unread", "warning", place.offset), ("manners-unread", "warning", 0)}


def test_redirected_and_unchanged_robots(tmp_path: Path) -> None:
    moved = b"HTTP/1.1 301 Moved\r\nLocation: /rules\r\nContent-Length: 0\r\n\r\n"
    same = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    revisit = Revisit("server-not-modified", "urn:uuid:1", "http://a.example/rules", CLOCK)
    assert breaches(
        tmp_path,
        at(0, "/robots.txt", response=moved, hops="X"),
        at(3, "/rules", ROBOTS, hops="XR"),
        at(6, "/a"),
        at(9, "/secret"),
        at(12, "/robots.txt", response=moved, hops="X"),
        at(15, "/rules", response=same, hops="XR", revisit=revisit),
        at(18, "/secret"),
    ) == [("manners-robots", 3), ("manners-robots", 6)]
