"""``make bench``: every figure beside its reference of the same run; ``build/bench.json`` keeps them."""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench import cold_start, signing, submitting


def main() -> None:
    """Measure all, print a row each, write the file."""
    figures = []
    for part in (signing, cold_start, submitting):
        for figure in part.measure():
            print(figure.row(), flush=True)
            figures.append(figure)
    target = ROOT / "build" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps([figure.json() for figure in figures], indent=1) + "\n", encoding="utf-8")
    print(f"written to {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
