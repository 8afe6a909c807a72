"""`python -m tests.sim [--trace] SEED FROM-TO …`: run seeds, say how each went."""

from __future__ import annotations

import sys
import time

from tests.sim import prove


def main(ranges: list[str]) -> int:
    failed = 0
    traced = "--trace" in ranges
    for text in (text for text in ranges if text != "--trace"):
        first, _, last = text.partition("-")
        for seed in range(int(first), int(last or first) + 1):
            began = time.process_time()
            try:
                done = prove(seed)
            except AssertionError as error:
                failed += 1
                print(error, flush=True)
                continue
            if traced:
                print("\n".join(done.trace))
            print(
                f"seed {seed}: {done.hours:.1f} h, {done.exchanges} exchanges, {done.rounds} rounds, {done.kills} kills,"
                f" {done.tasks} tasks, {done.digest}, {time.process_time() - began:.2f} s CPU",
                flush=True,
            )
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["0-9"]))
