"""A web in memory, behind the fetcher's own interface: pages, robots.txt, redirects, refusals, slow and broken bodies.

    web = FakeWeb({"http://a.example/": "<a href=/b>b</a>", "http://a.example/b": reply(503, retry_after=30)})
    capture = await web.exchange("http://a.example/b")      # real wire bytes; web.log says who asked what, when

Times come from trio's clock: under a MockClock hours of politeness pass in milliseconds, and a log entry's times
are the virtual ones. A page given as a list is played one answer after the other, the last one for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, Self

import msgspec
import trio

from archive.capture import Capture, Revisit
from archive.http import Head, parse_head
from archive.store.types import Previous
from sites.url import host_key, parse, path_query

__all__ = ["Asked", "FakeWeb", "Reply", "moved", "reply"]

EPOCH = 1_700_000_000_000_000
"""Where the fake clock begins: microseconds, UTC."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """One answer. `took` seconds pass before it is done. `broken` cuts the body in its middle, `failure`
    ("connect: refused") stands for an exchange in which nothing came."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    took: float = 0.05
    broken: Literal["", "disconnect", "time", "length"] = ""
    failure: str = ""

    def wire(self) -> bytes:
        """The response as it crosses."""
        names = {name.lower() for name, _ in self.headers}
        more = [] if "content-type" in names else [("Content-Type", "text/html; charset=utf-8")]
        length = [("Content-Length", str(len(self.body)))]
        lines = [f"HTTP/1.1 {self.status} Fake", *(f"{k}: {v}" for k, v in (*self.headers, *more, *length))]
        block = "\r\n".join((*lines, "", "")).encode("latin-1")
        body = b"" if self.status in (204, 304) else self.body
        return block + (body[: len(body) // 2] if self.broken else body)


class Asked(msgspec.Struct, frozen=True):
    """One request as the servers saw it: host key, when it began and ended (trio's clock)."""

    url: str
    host: str
    begun: float
    ended: float
    status: int


Page = str | bytes | Reply
Script = Page | Sequence[Reply]


def reply(
    status: int = 200, text: str = "", *, retry_after: object = None, took: float = 0.05, **headers: str
) -> Reply:
    """A Reply in short: `reply(429, retry_after=30)`, `reply(200, "Disallow: /", content_type="text/plain")`."""
    pairs = [(name.replace("_", "-").title(), value) for name, value in headers.items()]
    if retry_after is not None:
        pairs.append(("Retry-After", str(retry_after)))
    return Reply(status=status, body=text.encode(), headers=tuple(pairs), took=took)


def moved(location: str, status: int = 301) -> Reply:
    """A redirect."""
    return Reply(status=status, headers=(("Location", location),))


class FakeWeb:
    """Plays a Fetcher. `log` has every request in the order they ended; `now` is the clock that goes with it.
    A host that is not in the map does not resolve; a path that is not there is a 404, robots.txt too.
    """

    def __init__(self, pages: Mapping[str, Script], *, latency: Callable[[str], float] | None = None) -> None:
        self.pages: dict[str, Script] = {}
        for url, page in pages.items():
            href = parse(url)
            assert href is not None, f"no URL: {url}"
            self.pages[href] = page
        self._latency = latency
        self._played: dict[str, int] = {}
        self.hosts = {host_key(url) for url in self.pages}
        self.log: list[Asked] = []
        self.busy: dict[str, int] = {}
        self.most_at_once: dict[str, int] = {}

    def now(self) -> int:
        """Microseconds (UTC epoch) by trio's clock."""
        return EPOCH + int(trio.current_time() * 1_000_000)

    def asked(self, host: str = "") -> list[str]:
        """The URLs asked for, in order; of one host if it is named."""
        return [a.url for a in self.log if not host or a.host == host]

    def gaps(self, host: str) -> list[float]:
        """Seconds between the end of each exchange with a host and the beginning of the next."""
        met = sorted((a for a in self.log if a.host == host), key=lambda a: a.begun)
        return [later.begun - earlier.ended for earlier, later in zip(met, met[1:], strict=False)]

    def _next(self, url: str) -> Reply:
        script = self.pages.get(url)
        if script is None:
            known = host_key(url) in self.hosts
            return Reply(status=404) if known else Reply(failure=f"dns: {host_key(url)} has no address")
        if isinstance(script, str | bytes):
            return Reply(body=script.encode() if isinstance(script, str) else script)
        if isinstance(script, Reply):
            return script
        turn = self._played.get(url, 0)
        self._played[url] = turn + 1
        return script[min(turn, len(script) - 1)]

    async def exchange(
        self,
        url: str,
        *,
        previous: Previous | None = None,
        via: str = "",
        hops: str = "",
        accept: str = "",
        keep: Callable[[Head], bool] | None = None,
        headers: Mapping[str, str] | None = None,
        max_body: int | None = None,
    ) -> Capture:
        """As `crawler.net.Fetcher.exchange`."""
        host, begun, fetched_at = host_key(url), trio.current_time(), self.now()
        answer = self._next(url)
        self.busy[host] = self.busy.get(host, 0) + 1
        self.most_at_once[host] = max(self.most_at_once.get(host, 0), self.busy[host])
        try:
            await trio.sleep(answer.took + (self._latency(url) if self._latency else 0.0))
        finally:
            self.busy[host] -= 1
            self.log.append(Asked(url, host, begun, trio.current_time(), answer.status))
        took = int((trio.current_time() - begun) * 1_000_000)
        if answer.failure:
            return Capture(
                url=url, fetched_at=fetched_at, took=took, error=answer.failure, via=via, hops=hops
            )
        answer = self._conditional(answer, previous)
        block, truncated, error = answer.wire(), answer.broken, ""
        head = parse_head(block)
        if keep is not None and not keep(head) and len(block) > head.body_at:
            block, truncated, error = block[: head.body_at], "length", f"not-kept: {head.get('content-type')}"
        if max_body is not None and len(block) > head.body_at + max_body:
            block, truncated = block[: head.body_at + max_body], "length"
        revisit = None
        if answer.status == 304 and previous is not None:
            revisit = Revisit(
                "server-not-modified", previous.record_id, url, previous.date, previous.payload_digest
            )
        lines = [
            f"GET {path_query(url)} HTTP/1.1",
            f"Host: {host}",
            *(f"{k}: {v}" for k, v in (headers or {}).items()),
        ]
        return Capture(
            url=url, request="\r\n".join((*lines, "", "")).encode(), response=block, fetched_at=fetched_at,
            took=took, peer="192.0.2.1", truncated=truncated, error=error, via=via, hops=hops, revisit=revisit,
        )  # fmt: skip

    async def refusal(self, url: str) -> str:
        """As `crawler.net.Fetcher.refusal`: no place of this web is refused."""
        return ""

    def _conditional(self, answer: Reply, previous: Previous | None) -> Reply:
        etag = next((v for k, v in answer.headers if k.lower() == "etag"), "")
        if previous is not None and etag and previous.etag == etag and answer.status == 200:
            return msgspec.structs.replace(answer, status=304, body=b"", broken="")
        return answer

    async def aclose(self) -> None:
        """Nothing to close."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        return None
