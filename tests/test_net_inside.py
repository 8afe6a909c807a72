"""Nothing inside is reached: not by redirects, robots.txt, sitemaps or feeds, whatever way its address is written."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import trio

from crawler.net import AddressGuard, Fetcher, Resolver
from tests.command import command
from tests.plainserver import plain_server
from tests.rawserver import raw_server

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
FORMS = (
    "127.0.0.2", "127.2", "0x7f.2", "0x7f000002", "2130706434", "017700000002", "0177.0.0.02", "127.0.0.2.",
    "[::ffff:127.0.0.2]", "[::ffff:7f00:2]", "[64:ff9b::7f00:2]", "[2002:7f00:2::]", "[::127.0.0.2]", "[::1]",
    "10.1.2.3", "169.254.169.254", "[fd00:ec2::254]", "\uff11\uff12\uff17.0.0.2", "inside.example",
)  # fmt: skip
ELSEWHERE = (
    "file:///etc/passwd",
    "data:text/html,x",
    "ftp://a.example/",
    "javascript:alert(1)",
    "http://",
    "gopher://a/",
)


@contextmanager
def listener() -> Iterator[tuple[int, list[object]]]:
    """A port on 127.0.0.2 and, by the end, everybody who connected."""
    met: list[object] = []
    with socket.create_server(("127.0.0.2", 0)) as inside:

        def accept() -> None:
            while True:
                stream, peer = inside.accept()
                stream.close()
                if peer[0] == "127.0.0.3":
                    return
                met.append(peer)

        thread = threading.Thread(target=accept)
        thread.start()
        yield inside.getsockname()[1], met
        with socket.create_connection(inside.getsockname(), source_address=("127.0.0.3", 0)):
            thread.join()


def moved(location: str) -> bytes:
    return f"HTTP/1.1 302 Moved\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()


def test_no_hop_of_a_crawl_leads_inside(tmp_path: Path) -> None:
    with listener() as (port, met):
        places = [f"http://{form}:{port}/secret" for form in FORMS]
        answers: dict[str, tuple[str, bytes] | bytes] = {
            f"/to/{n}": moved(place) for n, place in enumerate((*places, *ELSEWHERE))
        }
        answers["/loop"] = moved("/loop")
        answers["/long"] = moved("/long/1")
        answers |= {f"/long/{n}": moved(f"/long/{n + 1}") for n in range(1, 30)}
        sitemap = "".join(f"<url><loc>{place}</loc></url>" for place in places)
        answers["/sitemap.xml"] = ("application/xml", f"<urlset>{sitemap}</urlset>".encode())
        links = "".join(f'<a href="{place}">x</a><img src="{place}">' for place in places)
        answers["/links"] = ("text/html", f"<title>x</title>{links}<p>no more</p>".encode())
        with plain_server(answers) as server:
            answers["/robots.txt"] = ("text/plain", b"Sitemap: http://news.example/sitemap.xml\n")
            with plain_server({"/robots.txt": moved(f"http://127.0.0.2:{port}/robots.txt")}) as other:
                resolve = [
                    f"news.example=127.0.0.1:{server.port}",
                    f"robots.example=127.0.0.1:{other.port}",
                    f"inside.example=127.0.0.2:{port}",
                ]
                (tmp_path / "broadsheet.toml").write_text(
                    f'contact = "me@x.example"\nallow_address = ["127.0.0.1/32"]\nresolve = {resolve}\n'
                    f'delay = 0\nwait = "0s"\n'.replace("'", '"'),
                    encoding="utf-8",
                )
                seeds = [f"http://news.example/{p}" for p in ("links", "loop", "long")]
                seeds += [f"http://news.example/to/{n}" for n in range(len(FORMS) + len(ELSEWHERE))]
                seeds += ["http://robots.example/", f"http://news.example:{port}/"]  # which opens the port
                (tmp_path / "seeds").write_text("\n".join(seeds), encoding="utf-8")
                [end] = command(tmp_path, "crawl", "--seeds", "seeds", "--extractors", "1", "--json")
        assert met == [], "somebody inside was spoken to"
    assert end["finished"] and end["dead"] >= len(FORMS) - 2
    assert 2 <= sum(path.startswith("news.example/long") for path in server.asked) <= 12
    assert server.asked.count("news.example/loop") <= 11
    assert "news.example/sitemap.xml" in server.asked
    assert other.asked == ["robots.example/robots.txt"], "no page without robots.txt, and that lies inside"
    for place in (f"http://127.0.0.2:{port}/secret", f"http://169.254.169.254:{port}/secret"):
        [known] = command(tmp_path, "explain", place, "--json")
        assert "refused-address" in str(known)


async def test_a_name_that_moves_inside_is_not_followed() -> None:
    answers: list[Sequence[str]] = [["127.0.0.1"], ["127.0.0.2"], ["127.0.0.1", "127.0.0.2"], ["127.0.0.1"]]

    async def lookup(name: str) -> Sequence[str]:
        return answers.pop(0)

    with listener() as (_, met):
        async with raw_server({"/": OK}) as server:
            guard = AddressGuard(["127.0.0.1/32"], [server.port])
            resolver = Resolver(guard, lookup=lookup, keep=0)
            async with Fetcher(resolver, user_agent="x", clock=lambda: 1) as client:
                seen = [
                    (await client.exchange(f"http://moves.example:{server.port}/")).error.partition(":")[0]
                    for _ in range(4)
                ]
            assert seen == ["", "refused-address", "refused-address", ""]
        assert met == [], "somebody inside was spoken to"


async def test_a_name_is_looked_up_once_for_judging_and_connecting() -> None:
    asked: list[str] = []

    async def lookup(name: str) -> Sequence[str]:
        asked.append(name)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    async with raw_server({"/": OK}) as server:
        resolver = Resolver(AddressGuard(["127.0.0.1/32"], [server.port]), lookup=lookup)
        async with Fetcher(resolver, user_agent="x", clock=lambda: 1) as client:
            for _ in range(3):
                capture = await client.exchange(f"http://once.example:{server.port}/")
                assert (capture.status, capture.peer) == (200, "127.0.0.1")
        assert asked == ["once.example"]
        assert server.requests[0].lower().count(f"host: once.example:{server.port}\r\n".encode()) == 1


async def test_slow_look_ups_hold_up_no_others(tmp_path: Path) -> None:
    hung = trio.Event()

    async def lookup(name: str) -> Sequence[str]:
        if name.startswith("slow"):
            hung.set()
            await trio.sleep_forever()
        return ["127.0.0.1"]

    async with raw_server({"/": OK}) as server:
        resolver = Resolver(AddressGuard(["127.0.0.1/32"], [server.port]), lookup=lookup, timeout=3600)
        async with (
            Fetcher(resolver, user_agent="x", clock=lambda: 1) as client,
            trio.open_nursery() as nursery,
        ):
            for n in range(100):
                nursery.start_soon(client.exchange, f"http://slow{n}.example:{server.port}/")
            await hung.wait()
            assert (await client.exchange(f"http://quick.example:{server.port}/")).status == 200
            nursery.cancel_scope.cancel()
