"""``python tests/fuzz/run.py TARGET [libFuzzer options] [folders]``: coverage-guided fuzzing with atheris.

Without a folder it starts from the kept corpus, which it leaves as it is, and writes what is new to
``build/fuzz/TARGET``. ``-max_total_time=600`` stops after ten minutes. ``-merge=1 NEW OLD...`` keeps the least that
covers the same. A find is a file ``crash-...``: it goes into the corpus with the mend, and stays there.
"""

import shlex
import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

atheris = import_module("atheris")  # by name: not every machine that checks types has a wheel of it

# Everything is imported once under the instrumentation; what is not of Coldtusk runs as it is.
with atheris.instrument_imports(include=["coldtusk_shared", "tests.fuzz"]):
    from tests.fuzz import targets

CORPUS = ROOT / "tests" / "fuzz" / "corpus"


def main() -> None:
    """Fuzz one target until an option says stop or a find does."""
    name, *options = sys.argv[1:]
    target = targets.fuzz_planted if name == "planted" else targets.TARGETS[name]
    if all(option.startswith("-") for option in options) and "-merge_inner=1" not in options:
        finds = ROOT / "build" / "fuzz" / name
        finds.mkdir(parents=True, exist_ok=True)
        options += [f"-artifact_prefix={finds}/", str(finds), str(CORPUS / name)]
    itself = shlex.join([sys.executable, __file__, name])  # libFuzzer runs it by a shell, to merge
    atheris.Setup([itself, *options], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
