"""Starts what a stack of schedules has missed: python -m tools.start_missed QUEUE_URL [--show]

QUEUE_URL is the stack's output MissedQueueUrl. A time that was started before is not started twice. Exit code 1 where
a message could not be read, which stays on the queue.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from farsync_schedules.missed import MissedUnreadable, leave_on_queue, missed_messages, missed_of, start_missed


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.start_missed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("queue_url", help="URL of the queue of missed times")
    parser.add_argument("--show", action="store_true", help="only show them")
    options = parser.parse_args(arguments)
    try:
        return _start_all(boto3.client("stepfunctions"), boto3.client("sqs"), options.queue_url, options.show)
    except (BotoCoreError, ClientError) as error:
        print(f"AWS: {error}", file=sys.stderr)
        return 2


def _start_all(step_functions: Any, sqs: Any, queue_url: str, is_show: bool) -> int:
    left: list[Mapping[str, Any]] = []
    found = unreadable = 0
    for message in missed_messages(sqs, queue_url):
        found += 1
        try:
            missed = missed_of(message)
        except MissedUnreadable as reason:
            unreadable += 1
            left.append(message)
            print(f"message {message['MessageId']}: {reason}")
            continue
        if is_show:
            left.append(message)
        else:
            start_missed(step_functions, sqs, queue_url, message, missed)
        done = "missed" if is_show else "started"
        print(f"{missed.schedule.rpartition('/')[2]} of {missed.scheduled_time}: {done} ({missed.error})")
    # Only now: what can be received at once would come again, in place of what the loop has not read yet.
    for message in left:
        leave_on_queue(sqs, queue_url, message)
    print(_counted(found, unreadable))
    return int(unreadable > 0)


def _counted(found: int, unreadable: int) -> str:
    if not found:
        return "nothing was missed"
    messages = "1 message" if found == 1 else f"{found} messages"
    return f"{messages}, {unreadable} of which cannot be read" if unreadable else messages


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
