"""Prints every bench of what a user feels, one after the other: `python -m tests.bench`."""

from tests.bench import (
    bench_basket,
    bench_keys,
    bench_memory,
    bench_pauses,
    bench_refresh,
    bench_row_table,
    bench_search,
    bench_start,
)

BENCHES = (
    *(bench_start, bench_keys, bench_search, bench_memory, bench_pauses),
    *(bench_refresh, bench_basket, bench_row_table),
)
for bench in BENCHES:
    print(f"\n{bench.__doc__.splitlines()[0] if bench.__doc__ else bench.__name__}", flush=True)
    bench.main()
