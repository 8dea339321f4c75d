"""Looks at a real account, only reading: python -m tools.check_connection FILE

FILE holds the connection as its secret does: {"provider": "naver", "accessKey": "...", "secretKey": "..."}.
The report holds no keys, names or ids and may be shown to anybody. Exit code 0 when keys and reads work,
1 when they do not, 2 for a file that is no connection to a cloud which this knows.
"""

import argparse
import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from farsync import __version__
from farsync.connections.connection import parse_connection
from farsync.http_client.client import Transport
from farsync.model.errors import ConnectionInvalid
from tools.connection_check.checking import check, has_check


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.check_connection",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, help="the connection as JSON")
    file = parser.parse_args(arguments).file
    try:
        connection = parse_connection("to check", file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ConnectionInvalid) as error:
        print(f"{file}: {error}", file=sys.stderr)
        return 2
    if not has_check(connection):
        print(
            f"{file}: there is no check for {connection.provider} yet; see docs/dev/adding-a-provider.md",
            file=sys.stderr,
        )
        return 2
    report = check(connection, Transport(), time.time)
    print(f"farsync {__version__} on Python {platform.python_version()}, a check that only reads")
    print(report.render(), end="")
    print("something failed; see above" if report.has_failures else "keys and reads work")
    return int(report.has_failures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
