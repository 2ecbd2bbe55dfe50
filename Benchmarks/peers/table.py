"""Prints the results of run.sh as a Markdown table: the better of the two rounds, and how far ahead we are."""
import json
import pathlib
import platform
import sys

folder = pathlib.Path(sys.argv[1])


def read(peer):
    best = {}
    path = folder / f"{peer}.jsonl"
    if not path.exists():
        return best
    for line in path.read_text().splitlines():
        row = json.loads(line)
        key = (row["name"], row.get("unit", ""), row.get("threads", 1))
        better = max if key[1] == "GFLOP/s" else min
        best[key] = better(best.get(key, row["value"]), row["value"])
    return best


def processor():
    try:
        for line in open("/proc/cpuinfo"):
            if line.startswith("model name"):
                return line.split(":")[1].strip()
    except OSError:
        pass
    return platform.processor()


ours, torch, jax = read("ours"), read("torch"), read("jax")
print(f"Processor: {processor()}; {platform.system()} {platform.machine()}\n")
print("| workload | threads | unit | ours | PyTorch | JAX | ahead of the best peer |")
print("|---|---|---|---|---|---|---|")
for key, value in ours.items():
    name, unit, threads = key
    peers = [peer[key] for peer in (torch, jax) if key in peer]
    ahead = ""
    if peers:
        ratio = value / max(peers) if unit == "GFLOP/s" else min(peers) / value
        ahead = f"{ratio:.2f}×"
    cells = [f"{peer[key]:.4g}" if key in peer else "–" for peer in (torch, jax)]
    print(f"| {name} | {threads} | {unit} | {value:.4g} | {cells[0]} | {cells[1]} | {ahead} |")
