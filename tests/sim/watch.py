"""The invariants, held against the servers' own log and the store at every step of a simulation.

gap of each host (site's, operator's and crawl-delay, Retry-After, five response times) and concurrency
nothing that the robots copy then valid forbids, nothing out of scope; what is paused is left alone
each page settled once a run          accepted = queued + leased + stored + done + denied + dead, none ever lost
every link of a read page is known    what servers sent is in the archive, unless a kill came between
a crawl that waits makes few calls    sockets, tasks, captures in hand, pages of a host in a run are bounded
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import trio

from archive.capture import Capture
from archive.store import Store
from archive.store.types import Committed, Dead, Kind, Settlement, State, Stored
from sites.url import host_key, origin
from tests.sim.plan import Plan
from tests.sim.web import Robots, SimWeb

__all__ = ["Broken", "Watch"]

_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
_SLACK = 5.0
"""Virtual seconds between a decision and what is done about it, at the most."""

_WINDOW = 600.0
_FEW_STEPS = 200
"""Calls of a process in a window of so many seconds, besides two for each look."""
_FACTOR = 5
"""Response times for which a host is left alone."""
_ROUNDING = 1e-3


class Broken(AssertionError):
    """An invariant does not hold."""


class Watch:
    """Sees everything, from the servers' side and in the store."""

    def __init__(self, plan: Plan, web: SimWeb, store: Store) -> None:
        self.plan, self.web, self.store = plan, web, store
        self.trace: list[str] = []
        self.busy: Counter[str] = Counter()
        self.sockets: Counter[str] = Counter()
        self.ended: dict[str, tuple[float, int, str]] = {}
        self.begun: dict[str, float] = {}
        self.unsaved: dict[tuple[str, int], str] = {}
        self.saved: set[tuple[str, int]] = set()
        self.settled: set[tuple[object, ...]] = set()
        self.accepted: set[str] = set()
        self.jumps: list[tuple[float, int]] = []
        self.paused: dict[tuple[str, str], tuple[float, int]] = {}
        self.slowed: dict[str, tuple[float, float, float]] = {}
        self.taken: Counter[tuple[int, str]] = Counter()
        self.lately: dict[str, float] = {}
        self.asked: dict[str, float] = {}
        self.tasks = 0
        self._moment, self._steps = 0.0, 0

    def note(self, text: str) -> None:
        self.trace.append(f"{trio.current_time():.6f} {text}")

    def demand(self, holds: object, what: str) -> None:
        if not holds:
            self.note(f"BROKEN {what}")
            raise Broken(what)

    def step(self) -> None:
        """A blocking call was made. While nobody is asked anything, each process looks round, and does little else."""
        now = trio.current_time()
        self._steps += 1
        if now - self._moment > _WINDOW:
            self._moment, self._steps = now, 0
        most = self.plan.processes * (2 * _WINDOW / self.plan.look + _FEW_STEPS)
        self.demand(
            self._steps < most, f"no rest: {self._steps} calls since {self._moment:.0f} s, nobody was asked"
        )

    def slow(self, host: str, delay: float) -> None:
        """From now on the host's least delay is this one."""
        before = self.slowed.get(host, (0.0, self.plan.delay))[1]
        self.slowed[host] = (trio.current_time(), delay, before)

    # --- the servers' side

    def begins(self, who: str, url: str) -> None:
        host, now, wall = host_key(url), trio.current_time(), self.web.now()
        self.note(f"{who} asks {url}")
        self._moment, self._steps = now, 0
        self.demand(host in self.web.hosts, f"{url} is out of scope")
        self.demand(not self.busy[host], f"{host} is asked {url} while it answers another request")
        self.busy[host] += 1
        self.sockets[who.partition(".")[0]] += 1
        self.demand(
            self.sockets[who.partition(".")[0]] <= self.plan.connections, f"{who} has too many sockets"
        )
        self.tasks = max(self.tasks, trio.lowlevel.current_statistics().tasks_living)
        if host in self.ended:
            self._gap(who, url, host, now)
        self.asked.pop(host, None)
        self.begun[host] = now
        # A pause that has run out is over, wherever the clock is set back to.
        self.paused = {what: pause for what, pause in self.paused.items() if pause[1] > wall}
        for (scope, name), (set_at, _) in self.paused.items():
            obeyed = now - set_at < _SLACK or (scope == "host" and name != host)
            self.demand(obeyed, f"{scope} {name} is paused and {url} is asked")
        loud = not (self._is_quiet(wall) and self._is_quiet(wall - self._slack(now)))
        self.demand(loud, f"{url} is asked in quiet hours")
        if not url.endswith("/robots.txt"):
            self._allowed(url, now, wall)

    def _gap(self, who: str, url: str, host: str, now: float) -> None:
        ended, offset, whom = self.ended[host]
        set_at, slowed, before = self.slowed.get(host, (0.0, self.plan.delay, self.plan.delay))
        least = slowed if self.begun[host] - set_at > _SLACK else min(slowed, before)
        entry = self.store.robots(origin(url))
        if entry is not None and entry.body_at:
            least = max(least, Robots.read(entry.body).delay)
        least = max(
            least, min(_FACTOR * self.lately.get(host, 0.0), 60.0) - _ROUNDING, self.asked.get(host, 0.0)
        )
        if whom != who:  # another process knows of the last meeting by the wall clock alone
            least -= max(0, self.web.offset - offset) / _SECOND
        self.demand(
            now - ended >= least - 1e-5,
            f"{host}: {url} asked {now - ended:.3f} s after the last answer, not {least:g}",
        )

    def _allowed(self, url: str, now: float, wall: int) -> None:
        entry = self.store.robots(origin(url))
        self.demand(entry is not None, f"{url} asked without a robots.txt")
        assert entry is not None
        self.demand(entry.expires > wall - self._slack(now), f"{url} asked by a robots.txt that had expired")
        self.demand(
            entry.expires - entry.fetched_at <= _DAY, f"a robots.txt kept for more than a day: {entry}"
        )
        if entry.body_at:
            self.demand(
                self.web.robots_version(entry.body, url), f"no such robots.txt was ever sent: {entry}"
            )
            self.demand(Robots.read(entry.body).allows(url), f"{url} is forbidden and was asked")
        else:
            self.demand(entry.status == "allow-all", f"{url} asked while robots.txt is unreachable")

    def _slack(self, now: float) -> int:
        """What the wall clock may have gone on since what is done now was decided (µs)."""
        return int(_SLACK * _SECOND) + sum(by for at, by in self.jumps if now - at < _SLACK and by > 0)

    def _is_quiet(self, wall: int) -> bool:
        begin, hours = self.plan.quiet
        return (wall // (3600 * _SECOND) - begin) % 24 < hours

    def ends(self, who: str, url: str) -> None:
        host = host_key(url)
        self._moment, self._steps = trio.current_time(), 0
        self.busy[host] -= 1
        self.sockets[who.partition(".")[0]] -= 1
        self.ended[host] = (trio.current_time(), self.web.offset, who)

    def came(self, who: str, url: str, fetched_at: int) -> None:
        """An answer is in the process's hands; until it is committed it takes up memory."""
        self.unsaved[url, fetched_at] = who
        held = sum(whose == who for whose in self.unsaved.values())
        self.demand(held <= self.plan.connections, f"{who} holds {held} answers that are not archived")

    # --- the recorder's side

    def recorded(self, who: str, group: Sequence[Settlement], done: Sequence[Committed]) -> None:
        for settlement, committed in zip(group, done, strict=True):
            target, outcome = settlement.lease.target, settlement.outcome
            stale = " stale" if committed.stale else ""
            self.note(f"{who} settles {target.url} {type(outcome).__name__}{stale}")
            if settlement.capture is not None:
                key = (settlement.capture.url, settlement.capture.fetched_at)
                self.unsaved.pop(key, None)
                if not committed.stale:
                    self._learn(target.host, settlement.capture)
                    self._count(settlement)
                if committed.capture_id:
                    self.saved.add(key)
            if committed.stale or not isinstance(outcome, Stored | Dead):
                continue  # what robots.txt denies is looked at again when there is a new copy
            due = outcome.next_due
            once = (settlement.lease.run_id, target.kind, target.url, target.robots_for)
            if target.kind == 0:
                self.demand(once not in self.settled, f"{target.url} settled twice in a run ({due=})")
            self.settled.add(once)

    def _learn(self, host: str, capture: Capture) -> None:
        """What the host has said and shown of how fast it wants to be met, once that is committed."""
        head, took = capture.head, capture.took / _SECOND
        if head.status:
            before = self.lately.get(host, took)
            self.lately[host] = before + (took - before) / 4
        if head.status in (429, 503):
            self.asked[host] = float(head.get("retry-after") or 0)

    def _count(self, settlement: Settlement) -> None:
        place = (settlement.lease.run_id, settlement.lease.target.host)
        self.taken[place] += settlement.lease.target.kind != Kind.ROBOTS
        most = self.plan.host_pages
        self.demand(not most or self.taken[place] <= most, f"{place}: {self.taken[place]} pages, not {most}")

    def lost(self, who: str) -> None:
        """What a killed process had in hand is forgiven."""
        self.unsaved = {key: whose for key, whose in self.unsaved.items() if whose != who}

    def parted(self, who: str) -> None:
        """After an end in order, everything that came is in the archive."""
        left = [url for (url, _), whose in self.unsaved.items() if whose == who]
        self.demand(not left, f"came and was not archived: {left}")

    # --- the store

    def look(self) -> None:
        """The tables among themselves, and against what was ever accepted."""
        problems = self.store.problems(pages=False)
        self.demand(not problems, f"the store: {problems}")
        with self.store._db.read() as tx:
            rows = tx.execute(
                "SELECT tls, key, path, ifnull(reason, ''), state FROM urls JOIN hosts ON hosts.id = host_id"
            ).fetchall()
            read = tx.execute(
                "SELECT DISTINCT key, path FROM captures JOIN urls USING(host_id, hash) JOIN hosts ON hosts.id ="
                " captures.host_id JOIN extractions ON extractions.capture_id = captures.id WHERE extractions.state = 2"
                " AND outcome IN ('ok', 'none') AND status = 200 AND complete AND captures.kind = 0 AND tls = 0"
            ).fetchall()
            captured = tx.execute("SELECT count(*) FROM captures").get
            pending = dict(tx.execute("SELECT job_id, urls FROM tallies WHERE state = 0").fetchall())
        known = {f"http{'s' * tls}://{key}{path}" for tls, key, path, _, _ in rows}
        self.demand(self.accepted <= known, f"lost: {sorted(self.accepted - known)[:5]}")
        self.accepted = known
        denied = (
            f"http{'s' * tls}://{key}{path}"
            for tls, key, path, reason, state in rows
            if state == State.DENIED and not reason.startswith("cap: ")
        )
        wronged = [url for url in denied if not self.web.ever_forbidden(url)]
        self.demand(not wronged, f"denied, though no robots.txt ever forbade it: {wronged}")
        for key, path in read:
            page = f"http://{key}{path}"
            lost = [u for u in self.web.links(page) if self.web.in_scope(u) and u not in known]
            self.demand(not lost, f"{page} was read, its links {lost} are not known")
        states = Counter(State(state) for *_, state in rows)
        self.demand(sum(states.values()) == len(rows), "a URL in no state")
        self.demand(sum(pending.values()) == states[State.QUEUED], "the queues count otherwise")
        self.demand(captured == len(self.saved), f"{captured} captures, {len(self.saved)} were committed")

    def settled_all(self) -> None:
        """At the end: nothing is left that could have been asked for."""
        with self.store._db.read() as tx:
            left = tx.execute("SELECT path FROM urls WHERE state IN (0, 1, 2)").fetchall()
        self.demand(not left, f"finished, but {left[:5]} are not settled")
        missing = [u for u in self.web.seeds if u not in self.accepted]
        self.demand(not missing, f"seeds {missing} are not known")
