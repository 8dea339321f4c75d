"""A cold start under Lambda's runtime client: a new process, its initialisation, and its first call.

The first call of the poll function fetches the secret and polls an execution. An empty function pays for Python and
the runtime client alone. `benchmarks.imports` measures the imports by themselves, handler by handler.
"""

import sys
import time
from collections.abc import Callable

from benchmarks.poll_world import poll_world

ROUNDS = 11


def milliseconds(action: Callable[[], None]) -> float:
    begun = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - begun)


def main() -> int:
    """Nothing is limited here: how quick a process starts is the machine's business more than ours."""
    cold: list[tuple[float, float]] = []
    warm: list[float] = []
    with poll_world() as world:
        for _ in range(ROUNDS):
            world.make_cold()
            cold.append((milliseconds(world.poll), milliseconds(world.empty)))
            warm.append(milliseconds(world.poll))
    # The fastest rounds are the least disturbed by what else the machine does.
    poll, empty = (min(side) for side in zip(*cold, strict=True))
    print(
        f"cold start  init and first poll={poll:.0f}ms empty function={empty:.0f}ms ours={poll - empty:.0f}ms "
        f"(a second poll={min(warm):.0f}ms)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
