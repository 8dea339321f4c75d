#!/usr/bin/env bash
# Five locks from one resolution, so that layer, command, sandbox, checks and the documents' site agree on every version; and that of Node.js.
set -euo pipefail
cd "$(dirname "$0")/../requirements"
pins=$(mktemp)
trap 'rm -f "$pins"' EXIT
lock() { uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate "$@"; }
lock --upgrade checks.in --output-file "$pins"
lock checks.in --constraints "$pins" --output-file checks.txt
lock docs.in --constraints "$pins" --output-file docs.txt
lock sandbox.in --constraints "$pins" --output-file sandbox.txt
lock cli.in --constraints "$pins" --output-file cli.txt
lock layer.in --constraints "$pins" --output-file ../layers/farsync/requirements.txt
lock --upgrade node.in --output-file node.txt
