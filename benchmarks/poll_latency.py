"""A poll that changes nothing, through Lambda's runtime client and the sandbox, cold and warm.

Warm: what farsync adds to an empty function and to the three requests of a poll (heartbeat, status of the execution,
visibility of the message). Cold: a new process, its initialisation and the first poll, which fetches the secret; not
limited, since how quick a process starts is the machine's business more than ours.
"""

import statistics
import sys
import time
from collections.abc import Callable, Mapping

from benchmarks.poll_function import poll_function

LIMIT_MS = 2.0
COLD_ROUNDS, WARM_ROUNDS = 11, 300


def milliseconds(actions: Mapping[str, Callable[[], None]]) -> dict[str, float]:
    """Of each action, taken in turn so that a slow moment of the machine hits all alike."""
    taken = {}
    for name, action in actions.items():
        begun = time.perf_counter()
        action()
        taken[name] = 1000 * (time.perf_counter() - begun)
    return taken


def main() -> int:
    cold: list[dict[str, float]] = []
    with poll_function() as calls:
        both = {"poll": calls.poll, "empty": calls.empty}
        for _ in range(COLD_ROUNDS):
            calls.make_cold()
            cold.append(milliseconds(both))
        warm = [milliseconds({**both, "exchange": calls.exchange}) for _ in range(WARM_ROUNDS)]
    # The fastest rounds are the least disturbed by what else the machine does.
    first, empty_first = (min(taken[name] for taken in cold) for name in both)
    print(f"cold start  init and first poll={first:.0f}ms empty function={empty_first:.0f}ms")
    poll, empty, exchange = (statistics.median(taken[name] for taken in warm) for name in (*both, "exchange"))
    ours = poll - empty - exchange
    print(
        f"warm poll  poll={poll:.1f}ms empty function={empty:.1f}ms requests={exchange:.1f}ms ours={ours:.1f}ms "
        f"limit={LIMIT_MS:.1f}ms"
    )
    return 0 if ours <= LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
