"""`python -m sandbox.huawei_dataarts --folder F`: prints one JSON line and serves until SIGTERM."""

from collections.abc import Mapping
from typing import Any

from sandbox.huawei_dataarts.server import Server, serve
from sandbox.huawei_dataarts.settings import Settings
from sandbox.provider_service.command import option_parser, serve_until_signalled

WITHOUT_LIMITS: Mapping[str, Any] = {
    "calls_per_second": None,
    "job_detail_calls_per_second": None,
    "maximum_running_instances": None,
    "is_locking_keys": False,
}


def main() -> None:
    parser = option_parser("sandbox.huawei_dataarts", __doc__)
    parser.add_argument("--security-token", help="the keys are temporary: every request must carry it")
    parser.add_argument("--project-id")
    parser.add_argument("--workspace", help="id of the default workspace")
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
    serve_until_signalled(parser, _serve)


def _serve(options: Mapping[str, Any]) -> Server:
    given = dict(options)
    limits = WITHOUT_LIMITS if given.pop("without_limits") else {}
    return serve(Settings(**given, **limits))


if __name__ == "__main__":
    main()
