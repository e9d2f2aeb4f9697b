"""Constructing a folder: begun or resumed, filled by an executor, finished with its papers."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from synthlm_tasks.curriculum.benchmark import BENCHMARK, benchmark_file
from synthlm_tasks.curriculum.executors import Executor
from synthlm_tasks.curriculum.layout import Layout, Shard
from synthlm_tasks.curriculum.shards import Progress, ShardRecord, no_progress, read_record
from synthlm_tasks.curriculum.storage import WORK, Folder
from synthlm_tasks.curriculum.summary import METADATA, metadata, summarise
from synthlm_tasks.errors import FolderError
from synthlm_tasks.tokens.tokenizer import NAMES, bundled_files

_LAYOUT: Final = f"{WORK}/layout.json"


@dataclass(frozen=True)
class State:
    """How far a folder is: records of finished files, shards to be made, and whether it has its papers."""

    kept: tuple[ShardRecord, ...]
    missing: tuple[Shard, ...]
    papers: bool

    @property
    def complete(self) -> bool:
        """Nothing is left to do."""
        return self.papers and not self.missing


def build_folder(
    layout: Layout, folder: Folder, state: State, execute: Executor, progress: Progress = no_progress
) -> None:
    """Make whole a folder that `open_folder` found in `state`: make what is missing, then its papers.

    Raises AbortedError when it stops half-way; the folder can be opened again then.
    """
    written = [*state.kept, *execute(layout, state.missing, folder, progress)]
    if not state.papers:
        finish_folder(layout, written, folder)
    folder.remove(WORK)


def open_folder(layout: Layout, folder: Folder) -> State:
    """Begin the folder, or see how far it is; what was being written when it was last left is removed.

    Raises FolderError when it holds anything but (parts of) this layout.
    """
    _check(layout, folder)
    folder.remove(f"{WORK}/partial")
    papers = folder.read(METADATA)
    if papers and folder.size("README.md"):
        sizes = {file["path"]: file["bytes"] for file in json.loads(papers)["files"]}
        missing = [shard for shard in layout.shards if folder.size(shard.path) != sizes[shard.path]]
        return State((), tuple(missing), papers=True)
    folder.write(_LAYOUT, layout.to_json())
    found = {shard: read_record(shard, folder) for shard in layout.shards}
    return State(
        tuple(record for record in found.values() if record),
        tuple(shard for shard, record in found.items() if not record),
        papers=False,
    )


def finish_folder(layout: Layout, written: Iterable[ShardRecord], folder: Folder) -> None:
    """Write the folder's papers; `metadata.json`, which says that all is there, comes last."""
    from synthlm_tasks.curriculum.card import dataset_card  # heavy, and only needed here

    splits = summarise(layout, written)
    if layout.settings["tokenizer"]["name"] in NAMES.values():
        for name, content in bundled_files(layout.tokens).items():
            folder.write(f"tokenizer/{name}", content.decode())
    if benchmark := benchmark_file(layout, splits):
        folder.write(BENCHMARK, benchmark)
    folder.write("README.md", dataset_card(layout, splits))
    folder.write(METADATA, json.dumps(metadata(layout, splits), indent=1) + "\n")


def _check(layout: Layout, folder: Folder) -> None:
    """Refuse a folder that holds anything but (parts of) this very layout."""
    text = folder.read(METADATA)
    text = text or folder.read(_LAYOUT)
    if text is None:
        strange = [name for name in folder.names() if not name.startswith(".")]
        if strange:
            raise FolderError(
                f"output_dir={folder.url!r}: holds other files ({', '.join(strange[:3])}); "
                "choose a new or an empty folder"
            )
        return
    try:
        found = _flat(json.loads(text)["settings"])
    except (AttributeError, KeyError, TypeError, ValueError):
        raise FolderError(
            f"output_dir={folder.url!r}: its {METADATA} is not one of ours; choose a new or an empty folder"
        ) from None
    wanted = _flat(json.loads(json.dumps(layout.settings)))
    differing = [key for key in {**wanted, **found} if wanted.get(key) != found.get(key)]
    if differing:
        shown = "; ".join(f"{key} is {found.get(key)!r}, asked is {wanted.get(key)!r}" for key in differing)
        raise FolderError(
            f"output_dir={folder.url!r}: made with other settings: {shown}; "
            "give the same again, or choose another folder"
        )


def _flat(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings with the options beside the rest, each under its own name."""
    return {**settings["options"], **{key: value for key, value in settings.items() if key != "options"}}
