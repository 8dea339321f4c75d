"""`python -m sandbox.huawei_dataarts --folder F`: prints one JSON line and serves until SIGTERM."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sandbox.huawei_dataarts.server import serve
from sandbox.huawei_dataarts.settings import Settings
from sandbox.provider_service.command import serve_until_signalled

WITHOUT_LIMITS: Mapping[str, Any] = {
    "calls_per_second": None,
    "job_detail_calls_per_second": None,
    "maximum_running_instances": None,
    "is_locking_keys": False,
}


def main() -> None:
    options = vars(_parser().parse_args())
    limits = WITHOUT_LIMITS if options.pop("without_limits") else {}
    try:
        settings = Settings(**{name: value for name, value in options.items() if value is not None}, **limits)
    except ValueError as error:
        _parser().error(str(error))
    server = serve(settings)
    description = {
        "endpoint": server.endpoint,
        "projectId": server.account.project_id,
        "workspace": server.account.workspace,
        "accessKey": server.account.keys.access_key,
        "secretKey": server.account.keys.secret_key,
        "bucketsDir": str(settings.buckets_folder.resolve()),
    }
    serve_until_signalled(server, description)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox.huawei_dataarts", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where everything is kept")
    parser.add_argument("--access-key", help="default: made on first start, kept in the folder")
    parser.add_argument("--secret-key")
    parser.add_argument("--security-token", help="the keys are temporary: every request must carry it")
    parser.add_argument("--project-id")
    parser.add_argument("--workspace", help="id of the default workspace")
    parser.add_argument("--queue-seconds", type=float)
    parser.add_argument("--run-seconds", type=float)
    parser.add_argument("--speed", type=float, help="waits and time-outs are divided by this")
    parser.add_argument("--provider-host", choices=("dayu-dlf", "dayu"), help="dayu knows none of these routes")
    parser.add_argument("--error-codes", choices=("0100", "30100"))
    parser.add_argument("--error-keys", choices=("error_code", "errorCode"))
    parser.add_argument("--gateway-prefix", choices=("APIGW", "APIG"))
    parser.add_argument("--status-words", type=int, choices=(7, 12))
    parser.add_argument("--special-success", choices=("flags", "words"))
    parser.add_argument("--offset-unit", choices=("page", "record"))
    parser.add_argument("--stoppable", choices=("unfinished", "running"))
    parser.add_argument("--throttle-retry-after-seconds", type=int, help="sent with a 429 of the call limits")
    parser.add_argument("--without-limits", action="store_true", help="no call limits, no lock on keys, no slots")
    parser.add_argument("--host")
    parser.add_argument("--port", type=int, help="0: any free port")
    return parser


if __name__ == "__main__":
    main()
