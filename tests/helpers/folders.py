"""What the tests of generated folders share."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import synthlm_tasks
from synthlm_tasks import cli

PACKAGE = Path(synthlm_tasks.__file__).parent.parent


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file in a folder, hidden ones too."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def synthlm(folder: Path, *arguments: str) -> int:
    """The exit code of the command, writing to `folder`."""
    return cli.main([*arguments, "--output-dir", str(folder)])


def process(code: str, *arguments: str, folder: Path | None = None) -> subprocess.Popen[str]:
    """A fresh Python that imports the package tested here and runs `code` in a neutral folder."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": str(PACKAGE), "HF_HUB_OFFLINE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
    )


COMMAND = "from synthlm_tasks.cli import run; run()"
"""The command, as code for a `process`."""
