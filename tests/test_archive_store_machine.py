"""The store against a model: whatever happens in whatever order, these hold after every step.

accepted = queued + leased + stored + done + denied + dead      no host is leased twice at once
nothing is settled twice                                        a host is not met before its time, kill or no kill
"""

from __future__ import annotations

from contextlib import ExitStack

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from archive.store.types import (
    Again,
    Dead,
    Denied,
    ExtractionDone,
    HostState,
    Lease,
    Outcome,
    PendingExtraction,
    PutBack,
    Run,
    State,
    Stored,
)
from tests.archive_store_kit import HOLD, SECOND, Desk, quick_folder, target

URLS = [f"https://h{host}.example/{path}" for host in range(3) for path in range(3)]
JOBS = ["one", "two"]
DELAY = 3 * SECOND
moments = st.sampled_from([0, 1, SECOND, 5 * SECOND, HOLD, 3 * HOLD])


class StoreMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.folder = self.stack.enter_context(quick_folder())
        self.desks = [Desk(self.folder, job="one"), Desk(self.folder, job="one")]
        self.runs: dict[str, Run] = {
            job: self.desks[0].store.begin_run(job, b"", self.desks[0].now) for job in JOBS
        }
        self.accepted: set[str] = set()
        self.held: dict[int, tuple[Lease, int]] = {}  # token -> lease, desk
        self.lost: list[tuple[Lease, int]] = []
        self.settled: set[int] = set()
        self.free_at: dict[str, int] = {}
        self.claims: list[tuple[PendingExtraction, int]] = []

    def teardown(self) -> None:
        for desk in self.desks:
            desk.store.close()
        self.stack.close()

    @property
    def now(self) -> int:
        return self.desks[0].now

    @rule(by=moments)
    def time_goes_on(self, by: int) -> None:
        for desk in self.desks:
            desk.now += by
            desk.store.renew(desk.now, HOLD)
        for lease, _ in self.held.values():
            host = lease.target.host
            self.free_at[host] = max(self.free_at[host], self.now + HOLD + DELAY)

    @rule(
        who=st.integers(0, 1),
        job=st.sampled_from(JOBS),
        urls=st.lists(st.sampled_from(URLS), min_size=1, max_size=4),
        priority=st.integers(0, 2),
        due=moments,
    )
    def enqueue(self, who: int, job: str, urls: list[str], priority: int, due: int) -> None:
        targets = [target(url, priority=priority, due=due and self.now + due) for url in urls]
        new = set(urls) - self.accepted
        got = self.desks[who].store.enqueue(self.runs[job].id, targets, self.now)
        assert len(new) <= got <= len(set(urls))
        self.accepted |= set(urls)

    @rule(who=st.integers(0, 1), jobs=st.sampled_from([["one"], ["two"], JOBS]), limit=st.integers(1, 3))
    def lease(self, who: int, jobs: list[str], limit: int) -> None:
        runs = [self.runs[job] for job in jobs]
        got = self.desks[who].lease(limit, DELAY, runs)
        assert len(got) <= limit
        for lease in got:
            host = lease.target.host
            assert all(other.target.host != host for other, _ in self.held.values())
            assert self.now >= self.free_at.get(host, 0)
            assert lease.target.due <= self.now and lease.run_id in [run.id for run in runs]
            self.free_at[host] = self.now + HOLD + DELAY
            self.held[lease.token] = (lease, who)
        if len(got) < limit:
            wakes = self.desks[who].store.next_wake([run.id for run in runs], self.now)
            assert wakes is None or wakes > self.now, "a host that is ready is leased"

    @precondition(lambda self: self.held)
    @rule(data=st.data(), pause=moments, many=st.booleans())
    def settle(self, data: st.DataObject, pause: int, many: bool) -> None:
        who = data.draw(st.sampled_from(sorted({who for _, who in self.held.values()})))
        mine = [lease for lease, desk in self.held.values() if desk == who]
        chosen = mine if many else [data.draw(st.sampled_from(mine))]
        group = []
        for lease in chosen:
            outcome = data.draw(self._outcomes())
            links = data.draw(st.lists(st.sampled_from(URLS), max_size=2))
            self.free_at[lease.target.host] = self.now + pause
            del self.held[lease.token]
            self.settled.add(lease.token)
            self.accepted |= set(links)
            state = HostState(next_at=self.now + pause, delay=pause)
            group.append(
                self.desks[who].settlement(lease, outcome, host=state, targets=[target(u) for u in links])
            )
        for done in self.desks[who].commit(*group):
            assert not done.stale

    def _outcomes(self) -> st.SearchStrategy[Outcome]:
        due = self.now + SECOND
        return st.sampled_from(
            [
                Stored(),
                Stored(next_due=due, extract=False),
                Again(due, "x"),
                PutBack(self.now, "x"),
                Denied("x"),
                Dead("x", next_due=due),
            ]
        )

    @precondition(lambda self: self.settled or self.lost)
    @rule(data=st.data())
    def settle_what_is_lost(self, data: st.DataObject) -> None:
        """A lease of a killed process, settled all the same by its successor, is stale."""
        if self.lost:
            lease, who = data.draw(st.sampled_from(self.lost))
            before = self.desks[who].state(lease.target.url)
            done = self.desks[who].settle(lease, Stored(extract=False), next_at=self.now)
            assert done.stale and done.capture_id
            assert self.desks[who].state(lease.target.url) == before

    @rule(who=st.integers(0, 1))
    def kill(self, who: int) -> None:
        """As far as the store can tell, closing is being killed: nothing is settled, the lock is free."""
        job, now = "one", self.now
        self.desks[who].store.close()
        for token, (lease, owner) in list(self.held.items()):
            if owner == who:
                del self.held[token]
                self.lost.append((lease, who))
                self.free_at[lease.target.host] = self.now + DELAY
        self.claims = [claim for claim in self.claims if claim[1] != who]
        self.desks[who] = desk = Desk(self.folder, job=job)
        desk.now = now
        for other in self.desks:
            other.now = now

    @rule(who=st.integers(0, 1))
    def release_dead(self, who: int) -> None:
        self.desks[who].store.release_dead(self.now)

    @rule(who=st.integers(0, 1), job=st.sampled_from(JOBS))
    def claim(self, who: int, job: str) -> None:
        desk = self.desks[who]
        got = desk.store.claim_extractions(2, self.now, [self.runs[job].id])
        known = {claim.capture_id for claim, _ in self.claims}
        assert not known & {claim.capture_id for claim in got}
        self.claims += [(claim, who) for claim in got]

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), links=st.lists(st.sampled_from(URLS), max_size=3))
    def finish(self, data: st.DataObject, links: list[str]) -> None:
        claim, who = data.draw(st.sampled_from(self.claims))
        self.claims.remove((claim, who))
        done = ExtractionDone(
            capture_id=claim.capture_id,
            fingerprint="f",
            outcome="ok",
            targets=tuple(target(url) for url in links),
            now=self.now,
        )
        self.desks[who].store.finish_extractions([done])
        self.accepted |= set(links)
        assert self.desks[who].store.finish_extractions([done]) == 0, "a result is taken once"

    @rule(job=st.sampled_from(JOBS))
    def next_run(self, job: str) -> None:
        store = self.desks[0].store
        store.finish_run(self.runs[job].id, self.now)
        self.runs[job] = store.begin_run(job, b"", self.now)
        store.requeue_due(self.runs[job].id, self.now)

    @invariant()
    def all_is_accounted_for(self) -> None:
        store = self.desks[0].store
        assert store.problems(pages=False) == []
        numbers = store.stats(self.now)
        assert sum(numbers.urls.values()) == len(self.accepted)
        assert numbers.urls["leased"] == numbers.leased >= len(self.held)
        for lease, _ in self.held.values():
            assert self.desks[0].state(lease.target.url) == State.LEASED
        left = [store.outstanding([run.id], self.now) for run in self.runs.values()]
        assert sum(one.queued for one in left) == numbers.urls["queued"]


TestStore = StoreMachine.TestCase
TestStore.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
