"""Prints the results of run.sh as Markdown tables, a section each.

A cell is the best of all rounds, and in parentheses how much slower the slowest round was. Sides must
agree on losses after 20 steps, and on what functions return: else there is no table and the exit code
is 1.
"""
import collections
import json
import pathlib
import platform
import sys

# Sums are in float32 and in another order on each side.
TOLERANCE = 2e-4

SECTIONS = {
    "small": "Steps of training: small networks",
    "large": "Steps of training: large networks",
    "functions": "Functions and gradients of large arrays",
    "derivatives": "Second derivatives, and a long chain",
    "graph": "The graph",
    "kernels": "Single operations",
    "process": "From process start to the first gradient",
    "memory": "Peak memory of 20 steps",
}
TITLES = {
    "xor": "XOR 2–8–1, batch 4, SGD",
    "line": "linear regression, 100 points, SGD",
    "binary": "8–10–8–1, batch 32, Adam",
    "narrow": "784–10–10–10, batch 32, Adam",
    "digits": "784–128–10, batch 128, Adam",
    "mlp": "1024–4096–4096–10, batch 256, momentum",
    "cnn": "MNIST CNN, batch 64, Adam",
    "lstm": "LSTM 128→256, 64 steps, batch 32, Adam",
    "gpt": "GPT 4 × 128, context 64, batch 16, AdamW",
    "elementwise": "tanh(2x+1) · sigmoid(x) − x, 10⁷ floats",
    "normsoftmax": "layer norm and softmax, 4096×1024",
    "hessian": "Hessian of Rosenbrock, N = 100",
    "hvp": "Hessian-vector product, N = 10⁴",
    "pendulum": "pendulum, 1,000 Euler steps, gradient",
}
EAGER = {("PyTorch", "eager"), ("PyTorch", "channels last")}


def read(folder):
    return [json.loads(line) for path in sorted(folder.glob("*.jsonl"))
            for line in path.read_text().splitlines()]


def disagreements(rows):
    """What sides do not agree on, as sentences."""
    checks = collections.defaultdict(list)
    for row in rows:
        if "check" in row:
            checks[row["section"], row["name"]].append((row["check"], f"{row['side']} {row['variant']}"))
    for (section, name), values in checks.items():
        expected = next((check for check, who in values if who.startswith("ours")), values[0][0])
        for check, who in values:
            # Written so that NaN disagrees.
            if not abs(check - expected) <= TOLERANCE * abs(expected):
                yield f"{section}, {name}: {who} has {check}, ours {expected}"
    for row in rows:
        if row["section"] in ["small", "large", "functions", "derivatives", "memory"] and "check" not in row:
            yield f"{row['name']}: {row['side']} {row['variant']} was not checked"


def text(number):
    return f"{number:,.0f}" if number >= 1000 else f"{number:.3g}"


def cell(values, scale):
    spread = max(values) / min(values) - 1
    return text(min(values) * scale) + (f" (+{spread:.0%})" if len(values) > 1 else "")


def scale(smallest):
    """The unit of a row and its factor; slow sides take thousands of times as long as fast ones."""
    seconds = smallest if smallest >= 1 else min(30 * smallest, 0.999)
    for unit, factor in [("s", 1), ("ms", 1e3), ("µs", 1e6)]:
        if seconds * factor >= 1:
            return unit, factor
    return "ns", 1e9


def ratio(peers, ours):
    return f"{min(peers) / min(ours):.2f}×" if peers and ours else ""


def section_table(rows, limits, behind):
    """The lines of a section; workloads that are behind the best peer are added to `behind`."""
    columns = list(dict.fromkeys((row["side"], row["variant"]) for row in rows))
    columns.sort(key=lambda column: column[0] != "ours")
    cells, work = collections.defaultdict(lambda: collections.defaultdict(list)), {}
    for row in rows:
        key = row["name"], row["threads"], row["unit"]
        cells[key][row["side"], row["variant"]].append(row["value"])
        if "limit" in row:
            work[key] = row["work"], row["limit"]
    has_eager = len(columns) > 2 and ("ours", "eager") in columns and EAGER & set(columns)
    heads = ["workload", "threads", "unit"] + [f"{side}, {variant}" for side, variant in columns]
    heads += ["of the limit"] if work else []
    heads += ["ahead of the best peer"] + (["eager, ahead of eager"] if has_eager else [])
    yield "| " + " | ".join(heads) + " |"
    yield "|---" * len(heads) + "|"
    for key in cells:
        name, threads, unit = key
        row, factor = cells[key], 1
        ours = [min(row[column]) for column in columns if column[0] == "ours" and row[column]]
        peers = [min(row[column]) for column in columns if column[0] != "ours" and row[column]]
        if unit == "s":
            unit, factor = scale(min(ours + peers))
        line = [TITLES.get(name, name), f"{threads:.0f}", unit]
        line += [cell(row[column], factor) if row[column] else "–" for column in columns]
        if work:
            amount, limit = work.get(key, (0, None))
            line.append(f"{amount / min(ours) / limits[limit, threads]:.0%}" if limit else "")
        line.append(ratio(peers, ours))
        if has_eager:
            eager = [min(row[column]) for column in columns if column in EAGER and row[column]]
            line.append(ratio(eager, row["ours", "eager"]))
        if peers and ours and min(peers) < min(ours):
            behind.append(f"{line[0]}, {line[1]} thread(s) ({min(peers) / min(ours):.2f}×)")
        yield "| " + " | ".join(line) + " |"


def processor():
    try:
        for line in open("/proc/cpuinfo"):
            if line.startswith("model name"):
                return line.split(":")[1].strip()
    except OSError:
        pass
    return platform.processor()


def main():
    folder = pathlib.Path(sys.argv[1])
    rows = read(folder)
    wrong = list(disagreements(rows))
    if wrong:
        sys.exit("\n".join(["The sides do not do the same work:"] + wrong))
    versions = ", ".join((folder / "versions.txt").read_text().split("\n")[:-1])
    print(f"{processor()}, {platform.system()} {platform.machine()}; {versions}.")
    limits = {}
    for row in rows:
        if row["variant"] == "limit":
            key = row["name"], row["threads"]
            limits[key] = max(limits.get(key, 0), row["value"] * 1e9)
    behind = []
    for section, title in SECTIONS.items():
        own = [row for row in rows if row["section"] == section and row["variant"] != "limit"]
        if not own:
            continue
        print(f"\n### {title}\n")
        if section == "kernels":
            print("Limits: " + "; ".join(
                f"{name}, {threads:.0f} threads: {value * 1e-9:.1f} "
                + ("GB/s" if name == "memory" else "GFLOP/s")
                for (name, threads), value in limits.items()) + ".\n")
        print("\n".join(section_table(own, limits, behind)))
    print("\n### Where we are behind\n")
    print("\n".join(f"- {line}" for line in behind) if behind else "Nowhere in this run.")


main()
