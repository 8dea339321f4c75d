"""Every measurement, one after the other; fails when one misses its limit."""

import sys

from benchmarks import cold_start, huawei, imports, listing, signing, warm_poll

sys.exit(max([benchmark.main() for benchmark in (signing, huawei, imports, listing, cold_start, warm_poll)]))
