"""What a cache of rows has to know: a digest of all code and data that they depend on."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

# What makes no rows: a cache of them outlives changes to it.
_EDGES: Final = {
    "audit",
    "cli",
    "curriculum",
    "tokens",
    "descriptions.py",
    "hub",
    "packing.py",
    "paths.py",
    "repo_names.py",
    "workers.py",
}


def source_files() -> dict[str, Path]:
    """All code and preset data that rows depend on: name in the distribution → file.

    Every room of the package but the edges, which the rows do not know.
    """
    root = Path(__file__).parent.parent
    package = Path(__file__).parent
    files = [path for path in package.glob("**/*.py") if path.relative_to(package).parts[0] not in _EDGES]
    files += [*(root / "configs").glob("*.toml"), root / "synthlm_dataset.py"]
    return {path.relative_to(root).as_posix(): path for path in sorted(files)}


@cache
def source_hash() -> str:
    """A digest of `source_files`: what a cache of rows has to know."""
    hasher = hashlib.blake2b(digest_size=16)
    for name, path in source_files().items():
        content = path.read_bytes()
        hasher.update(f"{name} {len(content)} ".encode() + content)
    return hasher.hexdigest()
