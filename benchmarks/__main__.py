"""Every measurement, one after the other; fails when one misses its limit."""

import sys

from benchmarks import cold_start, huawei, imports, sandbox_start, signing, warm_poll

BENCHMARKS = (signing, huawei, imports, cold_start, warm_poll, sandbox_start)

sys.exit(max([benchmark.main() for benchmark in BENCHMARKS]))
