"""Every measurement, one after the other; fails when one misses its limit."""

import sys

from benchmarks import decoding, imports, poll_latency, sandbox_start, signing

BENCHMARKS = (signing, decoding, imports, poll_latency, sandbox_start)

sys.exit(max([benchmark.main() for benchmark in BENCHMARKS]))
