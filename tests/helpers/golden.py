"""Golden digests: `python tests/helpers/golden.py` prints what changed, `--write` also freezes it.

Run it against the installed package. A changed digest means changed rows, and so a new dataset version.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parent.parent / "golden.json"


def frozen() -> dict[str, str]:
    """Config name → digest, as frozen."""
    return json.loads(FILE.read_text("utf-8"))


def main() -> None:
    """Compare every stock config with its frozen digest, and freeze on request."""
    from support import STOCK, golden_digest

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="freeze the new digests")
    write = parser.parse_args().write
    old = frozen()
    new = {name: golden_digest(name) for name in STOCK}
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            sys.stdout.write(f"{name}: {old.get(name, 'missing')} -> {new.get(name, 'gone')}\n")
    if write:
        FILE.write_text(json.dumps(new, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
