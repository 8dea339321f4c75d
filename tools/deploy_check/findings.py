"""What the check found."""

import time
from collections.abc import Iterable


class Findings:
    """What was checked, printed at once; what was wrong, counted."""

    def __init__(self) -> None:
        self._began_at = time.monotonic()
        self.wrong = 0

    def report(self, sentence: str, problems: Iterable[str] = (), otherwise: str = "") -> None:
        """`otherwise` is the sentence where there are problems."""
        found = list(problems)
        self.wrong += bool(found)
        finding = f"{'WRONG':5}  {otherwise or sentence}" if found else f"{'ok':5}  {sentence}"
        print(f"{time.monotonic() - self._began_at:6.1f} s  {finding}", flush=True)
        for problem in found:
            print(f"{'':17}{problem}", flush=True)
