"""How the parts of the report look."""

from rich.console import Console
from rich.table import Table


def show_heading(text: str, console: Console) -> None:
    console.print(f"\n[bold]{text}[/]\n", highlight=False)


def plain_table() -> Table:
    return Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
