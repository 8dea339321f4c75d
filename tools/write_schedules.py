"""Writes the stack of a file of schedules: python -m tools.write_schedules schedules.yaml build/schedules.template.json

See docs/schedules.md. Exit code 2 for a file that cannot be used; then nothing is written.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from farsync_schedules.entry import ScheduleEntry
from farsync_schedules.reading import SchedulesInvalid, read_schedules
from farsync_schedules.stack import schedules_template

LARGEST_TEMPLATE_BYTES = 1_000_000
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"""


def main(arguments: Sequence[str], now: datetime) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.write_schedules",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, help="the schedules, as YAML")
    parser.add_argument("template", type=Path, help="where the CloudFormation template is written")
    options = parser.parse_args(arguments)
    try:
        entries = read_schedules(options.file)
    except SchedulesInvalid as invalid:
        print(invalid, file=sys.stderr)
        return 2
    standing = [entry for entry in entries if not entry.is_over(now)]
    # JSON, because CloudFormation reads no YAML aliases, which would stand for what is alike in all schedules.
    template = f"{json.dumps(schedules_template(standing), indent=2, ensure_ascii=False)}\n".encode()
    if len(template) > LARGEST_TEMPLATE_BYTES:
        too_large = f"makes a template of {len(template)} bytes, and CloudFormation takes {LARGEST_TEMPLATE_BYTES}"
        print(f"{options.file}: {too_large}; split the file, a stack for each", file=sys.stderr)
        return 2
    options.template.parent.mkdir(parents=True, exist_ok=True)
    options.template.write_bytes(template)
    for entry in entries:
        print(f"{entry.name}: {_next_time(entry, now) if entry in standing else 'is over; left out'}")
    print(f"{options.template}: {len(standing)} schedules")
    return 0


def _next_time(entry: ScheduleEntry, now: datetime) -> str:
    if not entry.enabled:
        return "is not enabled"
    moment = entry.next_fire(max(now, entry.start_date or now))
    if moment is None or (entry.end_date and moment > entry.end_date):
        return "does not fire again"
    if entry.expression.startswith("rate("):
        return f"fires at every {entry.expression[5:-1]}"
    return f"fires next at {moment:%Y-%m-%d %H:%M} UTC"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], datetime.now(UTC)))
