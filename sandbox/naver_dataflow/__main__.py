"""`python -m sandbox.naver_dataflow --folder F`: prints one JSON line and serves until SIGTERM."""

import argparse
from pathlib import Path

from sandbox.naver_dataflow.server import serve
from sandbox.naver_dataflow.settings import Settings
from sandbox.provider_service.command import serve_until_signalled


def main() -> None:
    options = _parser().parse_args()
    try:
        settings = Settings(**vars(options))
    except ValueError as error:
        _parser().error(str(error))
    server = serve(settings)
    description = {
        "endpoint": server.endpoint,
        "accessKey": server.keys.access_key,
        "secretKey": server.keys.secret_key,
        "bucketsDir": str(settings.buckets_folder.resolve()),
    }
    serve_until_signalled(server, description)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox.naver_dataflow", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where everything is kept")
    parser.add_argument("--access-key", help="default: made on first start, kept in the folder")
    parser.add_argument("--secret-key")
    parser.add_argument("--dialect", choices=("G1", "G2"), default="G1")
    parser.add_argument("--error-shape", choices=("detail", "nested"), default="detail")
    parser.add_argument("--echo-parameters", dest="is_echoing_parameters", action="store_true")
    parser.add_argument("--queue-seconds", type=float, default=1.0)
    parser.add_argument("--run-seconds", type=float, default=3.0)
    parser.add_argument("--speed", type=float, default=1.0, help="waits and time-outs are divided by this")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    return parser


if __name__ == "__main__":
    main()
