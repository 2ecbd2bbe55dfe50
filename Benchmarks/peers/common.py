"""Timing and reporting, the same way as in Sources/Benchmarks/Bench.swift."""
import json
import resource
import sys
import time

THREADS, PART = int(sys.argv[1]), sys.argv[2]


def timed(body, total=0.5):
    """The fastest and the median of several repetitions, in seconds per call."""
    body()
    start = time.perf_counter()
    body()
    once = max(time.perf_counter() - start, 1e-9)
    calls = max(1, int(0.005 / once))
    times = []
    for _ in range(max(5, min(400, int(total / (once * calls))))):
        start = time.perf_counter()
        for _ in range(calls):
            body()
        times.append((time.perf_counter() - start) / calls)
    times.sort()
    return times[0], times[len(times) // 2]


class Bench:
    """Prints the results of one side as lines of JSON."""

    def __init__(self, side):
        self.side = side

    def measure(self, name, variant, body, check=None, calls=1, total=0.5, **more):
        fastest, median = timed(body, total)
        self.report(name, variant, fastest / calls, median=median / calls, check=check, **more)

    def report(self, name, variant, value, unit="s", **more):
        line = dict(section=PART, side=self.side, name=name, variant=variant, unit=unit,
                    threads=THREADS, value=value, **more)
        print(json.dumps({key: x for key, x in line.items() if x is not None}, ensure_ascii=False),
              flush=True)

    def training(self, name, variant, run, total=0.5):
        """`run(n)` takes n steps, waits for them, and returns the loss of the last one."""
        run(20)
        loss = float(run(1))
        self.measure(name, variant, lambda: run(1), check=loss, total=total)

    def memory(self, name, variant, run):
        loss = float(run(20))
        scale = 1 if sys.platform == "darwin" else 1024
        bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale
        self.report(name, variant, bytes * 1e-6, unit="MB", check=loss)
