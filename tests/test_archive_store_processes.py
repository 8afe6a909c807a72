"""Several processes on one store, and SIGKILL: no host met twice at once, no page settled twice, none lost."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from archive.store import Store
from archive.store.types import State
from tests.archive_store_kit import SECOND, START, Desk, quick_folder

ROOT = Path(__file__).resolve().parents[1]


class Crowd:
    """Child processes by number; each killed one is followed by another."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.started, self.struck = folder, 0, 0
        self.children: list[subprocess.Popen[str]] = []
        self.lines: list[str] = []

    def start(self) -> None:
        self.started += 1
        self.children.append(
            subprocess.Popen(
                [sys.executable, "-m", "tests.archive_store_child", str(self.folder), f"c{self.started}"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
            )
        )

    def kill(self, number: int) -> None:
        """SIGKILL, and whatever it had printed."""
        child = self.children.pop(number)
        self.struck += child.poll() is None
        child.kill()
        self.lines += child.communicate()[0].splitlines()

    def end(self) -> None:
        for child in self.children:
            out, _ = child.communicate(timeout=60)
            assert child.returncode == 0
            self.lines += out.splitlines()


def crawl_with_kills(urls: int, kills: int, struck: int, seed: int) -> None:
    chance = random.Random(seed)
    with quick_folder() as folder:
        desk = Desk(folder)
        pages = [f"https://h{n % 12}.example/{n}" for n in range(urls)]
        assert desk.add(*pages) == urls
        crowd = Crowd(folder)
        crowd.start()
        crowd.start()
        for _ in range(kills):
            number = chance.randrange(2)
            for _ in range(chance.randrange(1, 6)):
                line = crowd.children[number].stdout.readline()  # type: ignore[union-attr]
                crowd.lines.append(line.strip())
            crowd.kill(number)
            crowd.start()
        crowd.end()
        assert not [line for line in crowd.lines if line.startswith(("MET", "STALE"))]
        assert crowd.lines.count("done") >= 2 and crowd.struck >= struck
        desk.sound()
        assert {desk.state(page) for page in pages} == {State.DONE}
        assert [len(desk.store.captures_of(page)) for page in pages] == [1] * urls
        assert desk.store.run_counts(desk.run.id)["stored"] == urls
        desk.store.close()


def test_two_processes_with_kills() -> None:
    crawl_with_kills(urls=500, kills=3, struck=1, seed=1)


@pytest.mark.check
@pytest.mark.parametrize("seed", range(3))
def test_two_processes_with_many_kills(seed: int) -> None:
    crawl_with_kills(urls=6_000, kills=12, struck=6, seed=seed)


def test_two_processes_create_the_store_at_once() -> None:
    code = (
        "import sys; from pathlib import Path; from archive.store import Store; sys.stdin.readline();"
        "s = Store.open(Path(sys.argv[1])); s.begin_run('job', b'', 1); print(len(s.runs()))"
    )
    with quick_folder() as folder:
        path = folder / "crawl.db"
        children = [
            subprocess.Popen(
                [sys.executable, "-c", code, str(path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
            )
            for _ in range(4)
        ]
        for child in children:
            child.stdin.write("\n")  # type: ignore[union-attr]
            child.stdin.flush()  # type: ignore[union-attr]
        assert [child.communicate()[0].strip() for child in children] == ["1"] * 4
        store = Store.open(path)
        assert len(store.runs()) == 1
        store.close()


def test_a_killed_process_forgets_no_politeness() -> None:
    with quick_folder() as folder:
        desk = Desk(folder)
        desk.add("https://a.example/1", "https://a.example/2")
        code = (
            "import os, signal, sys; from pathlib import Path; from tests.archive_store_kit import Desk;"
            f"d = Desk(Path(sys.argv[1]), 'victim'); assert d.lease(1, {5 * SECOND});"
            "os.kill(os.getpid(), signal.SIGKILL)"
        )
        done = subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, check=False)
        assert done.returncode == -9
        desk.now = START + SECOND
        assert desk.store.release_dead(desk.now) == 1
        desk.now += 5 * SECOND - 1
        assert desk.lease() == []
        desk.now += 1
        assert desk.one().tries in (1, 2)
        desk.sound()
        desk.store.close()
