"""Every measurement, one after the other; fails when one misses its limit."""

import sys

from benchmarks import cold_start, huawei, imports, listing, sandbox_start, signing, warm_poll

BENCHMARKS = (signing, huawei, imports, listing, cold_start, warm_poll, sandbox_start)

sys.exit(max([benchmark.main() for benchmark in BENCHMARKS]))
