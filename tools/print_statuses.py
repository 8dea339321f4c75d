"""Prints what each HTTP status and each error of AWS comes to into docs/dev/statuses.md:
python -m tools.print_statuses [--check]
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.generated_file import markdown_table, parse_check, with_part, write_or_check
from tools.states_language import ROOT
from tools.statuses import COLUMNS, AwsErrors, StatusRow, read_aws_errors, read_statuses

PAGE = ROOT / "docs" / "dev" / "statuses.md"
BEGIN, END = "<!-- statuses: written by `make docs` -->\n", "<!-- end of the statuses -->\n"
TITLES = {"naver": "Data Flow", "huawei": "DataArts", "other": "another provider", "aws": "AWS call"}


def printed_statuses(table: Mapping[range, StatusRow]) -> str:
    """A row for all statuses that come to the same for the same reason."""
    header = ["status", *(TITLES.get(column, column) for column in COLUMNS), "why"]
    statuses_of: dict[tuple[str, ...], list[str]] = {}
    for statuses, row in table.items():
        outcomes = (*(_cell(cell) for cell in (row.read, row.start, row.cancel)), _outcome(row.aws), row.why)
        statuses_of.setdefault(outcomes, []).append(_numbers(statuses))
    rows = [[", ".join(statuses), *outcomes] for outcomes, statuses in statuses_of.items()]
    return f"## Statuses\n\n{markdown_table(header, rows)}"


def _numbers(statuses: range) -> str:
    return f"{statuses[0]}-{statuses[-1]}" if len(statuses) > 1 else str(statuses[0])


def printed_errors(errors: AwsErrors) -> str:
    calls = [[_names(row.names), _outcome(row.error), row.words, row.why] for row in errors.calls]
    secrets = [
        [
            _names(row.names),
            "" if row.message == "said" else row.message,
            _outcome(row.connection),
            _outcome(row.parameter),
            row.words,
            row.why,
        ]
        for row in errors.secrets
    ]
    header = ["AWS's name", "with the message", "a connection", "a parameter", "in words", "why"]
    table_of_calls = markdown_table(["AWS's name", "error", "in words", "why"], calls)
    return f"## Errors of AWS\n\n{table_of_calls}\nWhere a secret is read:\n\n{markdown_table(header, secrets)}"


def _cell(cell: Mapping[str, str]) -> str:
    by_outcome: dict[str, list[str]] = {}
    for provider, outcome in cell.items():
        by_outcome.setdefault(outcome, []).append(TITLES[provider])
    if len(by_outcome) == 1:
        return _outcome(*by_outcome)
    return "; ".join(f"{', '.join(providers)}: {_outcome(outcome)}" for outcome, providers in by_outcome.items())


def _outcome(outcome: str) -> str:
    """In code, where it is an error."""
    return f"`{outcome}`" if outcome[0].isupper() else outcome


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def main(arguments: Sequence[str], page: Path = PAGE) -> int:
    check = parse_check("tools.print_statuses", __doc__, arguments)
    part = f"{printed_statuses(read_statuses())}\n{printed_errors(read_aws_errors())}"
    return write_or_check(page, with_part(page, BEGIN, part, END), check)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
