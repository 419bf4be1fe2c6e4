"""``make bench``: every figure beside its reference of the same run; ``build/bench.json`` keeps them."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench import cold_start, hmacs, signing, submitting, transport, webhooks

ROOT = Path(__file__).resolve().parents[2]
PARTS = {
    "signing": signing,
    "hmacs": hmacs,
    "start": cold_start,
    "submitting": submitting,
    "webhooks": webhooks,
    "transport": transport,
}


def main() -> None:
    """Measure all, print a row each, write the file."""
    figures = []
    for name, part in PARTS.items():
        print(f"== {name}", flush=True)
        for figure in part.measure():
            print(figure.row(), flush=True)
            figures.append(figure)
    target = ROOT / "build" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps([figure.json() for figure in figures], indent=1) + "\n", encoding="utf-8")
    missed = sum(figure.goal is not None and not figure.goal.met(figure) for figure in figures)
    print(f"written to {target.relative_to(ROOT)}; goals missed: {missed}")


if __name__ == "__main__":
    main()
