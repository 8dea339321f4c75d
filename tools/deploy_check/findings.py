"""Findings of the check."""

import time
from collections.abc import Iterable


class Findings:
    """Prints each finding at once, and counts those that are wrong."""

    def __init__(self) -> None:
        self._began_at = time.monotonic()
        self.wrong = 0

    def report(self, sentence: str, problems: Iterable[str] = ()) -> None:
        """The sentence is right where there are no problems."""
        found = list(problems)
        self.wrong += bool(found)
        print(f"{time.monotonic() - self._began_at:6.1f} s  {'WRONG' if found else 'ok':5}  {sentence}", flush=True)
        for problem in found:
            print(f"{'':17}{problem}", flush=True)

    def expect(self, sentence: str, is_right: object, otherwise: str) -> None:
        self.report(sentence, () if is_right else (otherwise,))
