"""A warm poll that changes nothing, through Lambda's runtime client and the sandbox: what farsync adds to the three
requests that it makes (heartbeat, status of the execution, visibility of the message).
"""

import statistics
import sys
import time
from collections.abc import Callable

from benchmarks.poll_world import poll_world

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
    with poll_world() as world:
        actions = {"poll": world.poll, "empty": world.empty, "exchange": world.exchange}
        for warm_up in actions.values():
            warm_up()
        took = median_milliseconds(actions)
    ours = took["poll"] - took["empty"] - took["exchange"]
    print(
        f"warm poll  poll={took['poll']:.1f}ms empty function={took['empty']:.1f}ms "
        f"requests={took['exchange']:.1f}ms ours={ours:.1f}ms limit={LIMIT_MS:.1f}ms"
    )
    return 0 if ours <= LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
