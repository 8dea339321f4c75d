"""What happened in a trace, as lines that a person reads: when, who, what."""


class Story:
    """Kept only where somebody will read it; a trace that fails is played once more for it."""

    def __init__(self, began_at: float, *, is_kept: bool) -> None:
        self.is_kept = is_kept
        self._began_at = began_at
        self._lines: list[tuple[float, str, str]] = []

    def add(self, at: float, who: str, what: str) -> None:
        self._lines.append((at, who, what))

    def __str__(self) -> str:
        lines = list[str]()
        repeated = 0
        for number, (at, who, what) in enumerate(self._lines):
            following = self._lines[number + 1 : number + 2]
            if lines and following and following[0][1:] == (who, what) and lines[-1].endswith(f"{who:24} {what}"):
                repeated += 1
                continue
            if repeated:
                lines.append(f"{'':>13}  {'':24} ... and so {repeated} times more")
                repeated = 0
            lines.append(f"{self._clock(at):>13}  {who:24} {what}")
        return "\n".join(lines)

    def _clock(self, at: float) -> str:
        """Since the beginning: days are seldom, so that hours go on."""
        seconds = at - self._began_at
        return f"{int(seconds // 3600)}:{int(seconds % 3600 // 60):02}:{seconds % 60:06.3f}"
