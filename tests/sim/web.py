"""The simulated sites: a seeded graph of pages behind FakeWeb's wire, with the servers' own log.

    http://h0.sim.example/            front page ─▶ /p/1 /p/2 … a tree, with links across and to other hosts
    /private/…                        linked, and forbidden by robots.txt
    /old/N ─301─▶ /p/N                /dead/N is 404

What a page links to depends on the seed alone; what a server answers, on the seed, the URL and how often it was asked.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from urllib.parse import urlsplit

import msgspec
import trio

from sites.url import host_key, origin
from tests.fakeweb import EPOCH, FakeWeb, Reply, reply
from tests.sim.plan import Plan

__all__ = ["Robots", "SimWeb"]

_EXCHANGE = 60.0
"""Seconds after which a fetcher gives up."""
_WORDS = "harbour council ferry market school bridge weather museum library railway".split()


class Robots(msgspec.Struct, frozen=True):
    """One version of a robots.txt: what it forbids (prefixes of paths), the delay it asks for (seconds)."""

    forbids: tuple[str, ...] = ("/private/",)
    delay: float = 0.0

    def text(self) -> str:
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in self.forbids)]
        return "\n".join([*lines, *([f"Crawl-delay: {self.delay:g}"] if self.delay else [])]) + "\n"

    @classmethod
    def read(cls, body: bytes) -> Robots:
        """The other way round: the simulation's own reading of its own files."""
        lines = [line.partition(": ") for line in body.decode().splitlines()]
        forbids = tuple(value for name, _, value in lines if name == "Disallow")
        return cls(forbids, float(next((v for n, _, v in lines if n == "Crawl-delay"), 0)))

    def allows(self, url: str) -> bool:
        return not urlsplit(url).path.startswith(self.forbids)


class SimWeb(FakeWeb):
    """`offset` is what the wall clock has been set forward (back), in microseconds."""

    def __init__(self, plan: Plan) -> None:
        super().__init__({})
        self.plan = plan
        self.names = [f"h{n}.sim.example" for n in range(plan.hosts)]
        self.hosts = set(self.names)
        self.offset = 0
        self.times: Counter[str] = Counter()
        self._outages = {name: self._outage(name) for name in self.names}
        self._robots = {name: self._robots_of(name) for name in self.names}

    def now(self) -> int:
        return EPOCH + self.offset + int(trio.current_time() * 1_000_000)

    @property
    def seeds(self) -> tuple[str, ...]:
        return tuple(f"http://{name}/" for name in self.names)

    # --- what the sites are

    @lru_cache  # noqa: B019  lives as long as one simulation
    def links(self, url: str) -> tuple[str, ...]:
        """What a page links to, absolute, in page order."""
        parts = urlsplit(url)
        if parts.path != "/" and not parts.path.startswith("/p/"):
            return ()
        rng = self.plan.rng("links", url)
        number = 0 if parts.path == "/" else int(parts.path[3:])
        last = self.plan.pages - 1
        home = f"http://{parts.netloc}"
        paths = [f"{home}/p/{n}" for n in (2 * number + 1, 2 * number + 2) if n <= last]
        paths += [f"{home}/p/{rng.randint(1, last)}" for _ in range(rng.randint(0, 3)) if last]
        if rng.random() < 0.25:
            paths.append(f"http://{rng.choice(self.names)}/p/{rng.randint(1, max(1, last))}")
        paths += [f"{home}/private/{number}"] * (rng.random() < 0.2)
        paths += [f"{home}/dead/{number}"] * (rng.random() < 0.1)
        paths += [f"{home}/old/{rng.randint(1, max(1, last))}"] * (
            self.plan.has("redirects") and rng.random() < 0.3
        )
        paths += ["http://elsewhere.example/"] * (rng.random() < 0.1)
        paths += [f"{home}/"] * (rng.random() < 0.5)
        return tuple(dict.fromkeys(paths))

    def in_scope(self, url: str) -> bool:
        return host_key(url) in self.hosts

    def _page(self, url: str) -> Reply:
        rng = self.plan.rng(
            "text", url, self.times[url] if self.plan.rng("changes", url).random() < 0.4 else 0
        )
        text = " ".join(rng.choices(_WORDS, k=20))
        anchors = "".join(f'<a href="{link}">{rng.choice(_WORDS)}</a>\n' for link in self.links(url))
        html = f"<title>{text[:30]}</title><h1>{text[:30]}</h1><p>{text}.</p>\n{anchors}"
        etag = {"etag": f'"{text[:12]}"'} if self.plan.rng("etag", url).random() < 0.5 else {}
        return reply(200, html, **etag)

    # --- how they behave

    def _outage(self, name: str) -> tuple[float, float]:
        rng = self.plan.rng("outage", name)
        begin = rng.uniform(0, 20 * self.plan.delay)
        down = self.plan.has("outages") and rng.random() < 0.4
        return (begin, begin + rng.uniform(300, 4 * 3600)) if down else (0.0, 0.0)

    def _robots_of(self, name: str) -> tuple[Robots, ...]:
        """One version a simulated day."""
        rng = self.plan.rng("robots", name)
        versions = []
        for _ in range(4):
            forbids = ("/private/",) + (("/p/3", "/old/") if rng.random() < 0.2 else ())
            versions.append(Robots(forbids, rng.choice((0.0, 0.0, 5.0, 45.0))))
        return tuple(versions) if self.plan.has("robots") else (Robots(),)

    def _robots_reply(self, url: str, turn: int) -> Reply:
        name = host_key(url)
        rng = self.plan.rng("robots reply", url, turn)
        if self.plan.has("robots"):
            match self.plan.rng("robots kind", name).choice(("ok", "ok", "none", "flaky", "moved", "late")):
                case "none":
                    return reply(404)
                case "flaky" if turn < 6 and rng.random() < 0.6:
                    return reply(rng.choice((500, 503, 429)))
                case "late" if turn < 2:
                    return Reply(failure="timeout: no whole head", took=_EXCHANGE)
                case "moved" if "moved" not in url:
                    return Reply(status=302, headers=(("Location", "/moved/robots.txt"),))
        versions = self._robots[name]
        version = versions[min(len(versions) - 1, int(trio.current_time() // 86_400))]
        return reply(200, version.text(), content_type="text/plain")

    def _next(self, url: str) -> Reply:
        name, path = host_key(url), urlsplit(url).path
        turn = self.times[url]
        self.times[url] += 1
        rng = self.plan.rng("reply", url, turn)
        begin, end = self._outages.get(name, (0.0, 0.0))
        if begin <= trio.current_time() < end:
            return Reply(failure="connect: refused", took=rng.choice((0.01, 10.0)))
        answer = self._answer(url, path, turn)
        took = answer.took + rng.uniform(0, 0.5)
        if self.plan.has("slow") and rng.random() < 0.15:
            took += rng.choice((3.0, 20.0, _EXCHANGE))
        if self.plan.has("broken") and answer.status == 200 and rng.random() < 0.1:
            answer = msgspec.structs.replace(answer, broken=rng.choice(("disconnect", "time", "length")))
        return msgspec.structs.replace(answer, took=min(took, _EXCHANGE))

    def _answer(self, url: str, path: str, turn: int) -> Reply:
        if path.endswith("/robots.txt"):
            return self._robots_reply(url, turn)
        rng = self.plan.rng("answer", url, turn)
        if self.plan.has("errors") and rng.random() < 0.15:
            wait = rng.choice((None, None, 1, 40, 900, 7200))
            return rng.choice((
                reply(500),
                reply(503, retry_after=wait),
                reply(429, retry_after=wait),
                Reply(failure="reset: the connection was cut"),
                Reply(failure="timeout: no whole head", took=_EXCHANGE),
            ))  # fmt: skip
        if path.startswith("/dead/"):
            return reply(404)
        if path.startswith("/old/"):
            return Reply(status=301, headers=(("Location", f"/p/{path[5:]}"),))
        return self._page(url)

    def ever_forbidden(self, url: str) -> bool:
        """Whether some robots.txt of the origin of `url` forbids it."""
        return any(not version.allows(url) for version in self._robots[host_key(url)])

    def robots_version(self, body: bytes, url: str) -> bool:
        """Whether this is a robots.txt that the origin of `url` has ever had."""
        return any(body == version.text().encode() for version in self._robots[host_key(origin(url) + "/")])
