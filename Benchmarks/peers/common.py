"""Timing and reporting, the same way as in Sources/Benchmarks/Timing.swift."""
import json
import time


def fastest(body, sample=0.005, total=1.0):
    """The fastest of several repetitions, in seconds per call."""
    body()
    start = time.perf_counter()
    body()
    once = max(time.perf_counter() - start, 1e-9)
    calls = max(1, int(sample / once))
    repetitions = max(3, min(400, int(total / (once * calls))))
    best = float("inf")
    for _ in range(repetitions):
        start = time.perf_counter()
        for _ in range(calls):
            body()
        best = min(best, (time.perf_counter() - start) / calls)
    return best


def report(name, value, unit, threads=1):
    line = {"name": name, "value": value, "unit": unit, "threads": threads}
    print(json.dumps(line, ensure_ascii=False), flush=True)
