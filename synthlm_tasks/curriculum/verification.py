"""Verification that a folder on disk is whole, file by file, as its metadata.json says."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from synthlm_tasks.curriculum.summary import METADATA
from synthlm_tasks.errors import FolderError


class _File(BaseModel):
    path: str
    bytes: int
    sha256: str


class _Papers(BaseModel):
    dataset_version: str
    files: list[_File]


def verify_folder(folder: Path, tell: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """The metadata.json of a folder in which everything is there, with the digests it should have.

    `tell` hears of each file before it is read. Raises FolderError naming the first that is missing or
    differs.
    """
    try:
        found: dict[str, Any] = json.loads((folder / METADATA).read_text("utf-8"))
        papers = _Papers.model_validate(found)
        if not (folder / "README.md").exists():
            raise FileNotFoundError("README.md")
    except (OSError, ValueError, ValidationError) as error:
        raise FolderError(
            f"folder={str(folder)!r}: expected a folder that synthlm single, merged, export or pack has "
            f"finished ({_reason(error)}); run that command (again) first"
        ) from None
    for number, file in enumerate(papers.files, start=1):
        tell(f"{file.path}, {number:,} of {len(papers.files):,}")
        if (wrong := _find_fault(folder / file.path, file)) is not None:
            raise FolderError(
                f"folder={str(folder)!r}: {file.path} {wrong}; remove it and make the folder again"
            )
    return found


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{Path(error.filename or str(error)).name} cannot be read"
    return f"{METADATA} is not one of its own"


def _find_fault(path: Path, file: _File) -> str | None:
    if not path.is_file():
        return "is missing"
    if path.stat().st_size == file.bytes:
        with path.open("rb") as content:
            if hashlib.file_digest(content, "sha256").hexdigest() == file.sha256:
                return None
    return f"does not have the digest that {METADATA} gives"
