"""Prints every bench of what a user feels, one after the other: `python -m tests.bench`."""

from tests.bench import bench_keys, bench_memory, bench_pauses, bench_search, bench_start

for bench in (bench_start, bench_keys, bench_search, bench_memory, bench_pauses):
    print(f"\n{bench.__doc__.splitlines()[0] if bench.__doc__ else bench.__name__}", flush=True)
    bench.main()
