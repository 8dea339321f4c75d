"""A warm poll through Lambda runtime and sandbox: what farsync adds to the HTTP exchange itself."""

import statistics
import sys
import time
from collections.abc import Callable

from benchmarks.look_world import look_world

LIMIT_MS = 2.0
ROUNDS = 300


def median_milliseconds(actions: dict[str, Callable[[], None]]) -> dict[str, float]:
    """Of each action, taken in turn so that a slow moment of the machine hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(ROUNDS):
        for name, action in actions.items():
            begun = time.perf_counter()
            action()
            taken[name].append(1000 * (time.perf_counter() - begun))
    return {name: statistics.median(milliseconds) for name, milliseconds in taken.items()}


def main() -> int:
    with look_world() as world:
        actions = {"poll": world.poll, "empty": world.empty, "exchange": world.exchange}
        for warm_up in actions.values():
            warm_up()
        took = median_milliseconds(actions)
    ours = took["poll"] - took["empty"] - took["exchange"]
    print(
        f"warm poll  poll={took['poll']:.1f}ms empty function={took['empty']:.1f}ms "
        f"exchange={took['exchange']:.1f}ms ours={ours:.1f}ms limit={LIMIT_MS:.1f}ms"
    )
    return 0 if ours <= LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
