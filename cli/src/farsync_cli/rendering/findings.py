"""Findings of a check, the remedy below each that is not OK."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from farsync_cli.findings import Finding
from farsync_cli.rendering.page import paragraph


def findings_page(findings: Sequence[Finding], width: int | None) -> Iterator[Text]:
    room = max(len(finding.topic) for finding in findings)
    for finding in findings:
        mark = Text("OK  ", "green") if finding.is_ok else Text("FAIL", "bold red")
        lines = paragraph(finding.text, width and width - room - 8)
        yield Text().append_text(mark).append(f"  {finding.topic:<{room}}  ").append_text(lines[0])
        for line in lines[1:]:
            yield Text(" " * (room + 8)).append_text(line)
        if finding.remedy and not finding.is_ok:
            yield from paragraph(finding.remedy, width, indent=6)
