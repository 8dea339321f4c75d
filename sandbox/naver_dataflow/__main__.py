"""`python -m sandbox.naver_dataflow --folder F`: prints one JSON line and serves until SIGTERM."""

from sandbox.naver_dataflow.server import serve
from sandbox.naver_dataflow.settings import Settings
from sandbox.provider_service.command import option_parser, serve_until_signalled


def main() -> None:
    parser = option_parser("sandbox.naver_dataflow", __doc__)
    parser.add_argument("--dialect", choices=("G1", "G2"))
    parser.add_argument("--error-shape", choices=("detail", "nested"))
    parser.add_argument("--echo-parameters", dest="is_echoing_parameters", action="store_true")
    serve_until_signalled(parser, lambda options: serve(Settings(**options)))


if __name__ == "__main__":
    main()
