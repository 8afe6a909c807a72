"""Room on the disk: the crawl pauses before it is gone, waits when it is gone all the same, and says so once."""

from __future__ import annotations

import errno
from collections.abc import Awaitable, Callable

import pytest
import trio
import trio.testing

from archive.errors import ArchiveError, DiskFull
from crawler.engine.room import Patient, Room
from crawler.events import DiskLow, DiskRoomy, Event
from crawler.net.tape import Budget, Tape
from tests.archive_store_kit import quick_folder

MIB = 2**20


class Disk:
    """So many bytes are free; what happens is kept in `events`."""

    def __init__(self, free: int) -> None:
        self.free, self.events, self.calls = free, list[Event](), 0

    def room(self, min_free: int = 100) -> Room:
        return Room(lambda: self.free, min_free, self.events.append)

    def write(self) -> str:
        self.calls += 1
        if self.free < 10:
            raise DiskFull("no room")
        return "written"


async def at_once(fn: Callable[..., object], *args: object) -> object:
    await trio.lowlevel.checkpoint()
    return fn(*args)


def test_low_before_it_is_full_and_enough_is_a_little_more() -> None:
    async def main() -> None:
        disk = Disk(free=100)
        room = disk.room()
        assert not room.low()
        disk.free = 99
        assert room.low() and room.low()
        disk.free = 111
        assert room.low(), "a page more would make it low again"
        disk.free = 112
        assert not room.low() and not room.low()
        assert disk.events == [DiskLow(99, 100, ""), DiskRoomy(112)]

    trio.run(main)


def run(main: Callable[[], Awaitable[None]]) -> None:
    trio.run(main, clock=trio.testing.MockClock(autojump_threshold=0))


def test_a_call_that_finds_no_room_waits_and_is_made_again() -> None:
    async def main() -> None:
        disk = Disk(free=5)
        room = disk.room()

        async def make_room() -> None:
            await trio.sleep(60)
            assert room.low() and disk.calls == 12
            disk.free = 1000

        async with trio.open_nursery() as nursery:
            nursery.start_soon(make_room)
            assert await Patient(at_once, room)(disk.write) == "written"  # type: ignore[arg-type]
        assert trio.current_time() == pytest.approx(60, abs=6)
        await trio.sleep(5)
        assert not room.low()
        assert disk.events == [DiskLow(5, 100, "no room"), DiskRoomy(1000)]

    run(main)


def test_what_found_no_room_rests_even_if_some_bytes_are_free() -> None:
    async def main() -> None:
        disk = Disk(free=1000)
        room = disk.room()
        room.refused(DiskFull("a body of 20 MB"))
        assert room.low()
        await trio.sleep(5)
        assert not room.low()

    run(main)


@pytest.mark.parametrize("shield", [False, True])
def test_a_crawl_that_ends_does_not_wait_for_room(shield: bool) -> None:
    async def main() -> None:
        disk = Disk(free=5)
        room = disk.room()
        patient = Patient(at_once, room, shield=shield)  # type: ignore[arg-type]
        with trio.move_on_after(3600) as scope:
            await patient(disk.write)
        assert scope.cancelled_caught, "waiting can be cancelled, a call that is shielded too"
        async with trio.open_nursery() as nursery:

            async def end() -> None:
                await trio.sleep(2)
                room.end()

            nursery.start_soon(end)
            begun = trio.current_time()
            with pytest.raises(DiskFull):
                await patient(disk.write)
            assert trio.current_time() - begun == 2

    run(main)


def test_a_shielded_call_is_made_though_its_task_is_cancelled() -> None:
    async def main() -> None:
        disk = Disk(free=1000)
        with trio.CancelScope() as scope:
            scope.cancel()
            assert await Patient(at_once, disk.room(), shield=True)(disk.write) == "written"  # type: ignore[arg-type]
        with trio.CancelScope() as scope:
            scope.cancel()
            await Patient(at_once, disk.room())(disk.write)  # type: ignore[arg-type]
        assert disk.calls == 1

    run(main)


def test_other_errors_are_not_waited_for() -> None:
    def broken() -> None:
        raise ArchiveError("damaged")

    async def main() -> None:
        with pytest.raises(ArchiveError, match="damaged"):
            await Patient(at_once, Disk(1000).room())(broken)  # type: ignore[arg-type]

    run(main)


def test_a_long_body_goes_to_the_spool_and_says_when_it_cannot() -> None:
    with quick_folder() as folder:
        tape = Tape(Budget(MIB, folder))
        for _ in range(3):
            tape.add(bytes(MIB))
        assert tape.size == 3 * MIB and list(folder.iterdir()) == []
        assert b"".join(tape.pieces()) == bytes(3 * MIB)
        budget = Budget(MIB, folder / "gone")
        lost = Tape(budget)
        with pytest.raises(
            ArchiveError, match=r"gone.*a long body could not be kept: No such file"
        ) as caught:
            lost.add(bytes(MIB + 1))
        assert budget.held == 0 and isinstance(caught.value.__cause__, OSError)
        assert caught.value.__cause__.errno == errno.ENOENT
