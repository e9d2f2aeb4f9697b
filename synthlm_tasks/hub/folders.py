"""Publishing a finished folder on the Hugging Face Hub: one upload, then a tag with the dataset version.

finished folder ► checked ► repo ► (tag is there: compare) ► upload_folder ► tag
"""

import importlib.util
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from huggingface_hub import HfApi, constants

from synthlm_tasks.curriculum.benchmark import BENCHMARK
from synthlm_tasks.curriculum.summary import METADATA
from synthlm_tasks.curriculum.verification import verify_folder
from synthlm_tasks.errors import FolderError, HubError, ParameterError
from synthlm_tasks.hub.access import Access, require_token
from synthlm_tasks.repo_names import find_name_fault

BUILDER: Final = "synthlm_dataset.py"

_FORBIDDEN: Final = BUILDER.removesuffix(".py")


@dataclass(frozen=True)
class Publication:
    """What stands on the Hub after a push; `new` unless all of it stood there before."""

    url: str
    version: str
    commit: str
    new: bool


@dataclass(frozen=True)
class Destination:
    """A dataset repo on the Hub and the right to write to it."""

    repo: str
    token: str = field(repr=False)
    private: bool = False

    @classmethod
    def create(cls, repo: str, token: str | None = None, *, private: bool = False) -> "Destination":
        """Where `push_folder` may go; without a token given, the one of HF_TOKEN or of `hf auth login`.

        Asks nothing of the Hub. Raises ParameterError for a name that cannot be, HubError without a token.
        """
        if fault := find_name_fault(repo, with_owner=True):
            raise ParameterError(f"hub_repo={repo!r}: {fault}, which the Hub refuses; expected user/name")
        if repo.partition("/")[2] == _FORBIDDEN:
            raise ParameterError(
                f"hub_repo={repo!r}: a repo may not be called {_FORBIDDEN!r}: old versions of datasets would "
                f"run the {BUILDER} in it, newer ones refuse to load it; choose another name, such as "
                f"{repo.partition('/')[0]}/synthlm"
            )
        return cls(repo, require_token(token), private)

    @property
    def access(self) -> Access:
        """What reaches the repo."""
        return Access(
            "hub_repo",
            self.repo,
            self.token,
            "this token may not write there ({said}); take a token with write rights on it, or a repo under "
            "your own name",
            "the folder is whole as before: push it again later, and what has arrived is not sent twice",
        )


def push_folder(folder: Path, to: Destination, papers: dict[str, Any] | None = None) -> Publication:
    """Publish a finished folder; what is published already is left alone, and so is the folder.

    `papers` is what `verify_folder` found, where it has been asked already.
    Raises FolderError when the folder is not whole or not Parquet, HubError when the Hub refuses or has other
    data under this version, AbortedError when it cannot be reached.
    """
    local = papers or verify_folder(folder)
    if others := [path for path in _paths(local) if not path.endswith(".parquet")]:
        raise FolderError(
            f"folder={str(folder)!r}: the Hub gets Parquet, and this holds {min(others)}; "
            "make it again with --format parquet"
        )
    api = to.access.client()
    url = f"{api.endpoint}/datasets/{to.repo}"
    with to.access.explained(api.endpoint):
        api.create_repo(to.repo, repo_type="dataset", private=to.private or None, exist_ok=True)
        if to.private and not api.repo_info(to.repo, repo_type="dataset").private:
            raise HubError(
                f"hub_repo={to.repo!r}: this repo is there and public, and --private does not change that; "
                "make it private on the Hub, or choose another name"
            )
        tags = {tag.name: tag.target_commit for tag in api.list_repo_refs(to.repo, repo_type="dataset").tags}
        if (tag := local["dataset_version"]) in tags:
            _refuse_other_data(to.repo, tag, local, _published(api, to.repo, tag))
            return Publication(url, tag, tags[tag], new=False)
        before = _published(api, to.repo, constants.DEFAULT_REVISION)
        stale = _paths(before) - _paths(local)
        with _staged(folder, _paths(local)) as staged:
            commit = api.upload_folder(
                repo_id=to.repo,
                repo_type="dataset",
                folder_path=staged,
                delete_patterns=sorted(stale) or None,
                commit_message=f"SynthLM {tag}",
            )
        api.create_tag(to.repo, repo_type="dataset", tag=tag, revision=commit.oid)
    return Publication(url, tag, commit.oid, new=True)


@contextmanager
def _staged(folder: Path, paths: set[str]) -> Iterator[Path]:
    """What goes to the Hub, as links: the folder's data and papers, and the builder beside them."""
    papers = [METADATA, "README.md", *(f"tokenizer/{path.name}" for path in folder.glob("tokenizer/*"))]
    if (folder / BENCHMARK).is_file():
        papers.append(BENCHMARK)
    found = {path: folder / path for path in (*paths, *papers)}
    found[BUILDER] = Path(str(getattr(importlib.util.find_spec(_FORBIDDEN), "origin", "")))
    with tempfile.TemporaryDirectory(prefix="synthlm-") as staged:
        for path, source in found.items():
            link = Path(staged) / path
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(source.resolve())
        yield Path(staged)


def _published(api: HfApi, repo: str, revision: str) -> dict[str, Any]:
    """The metadata.json of a revision, empty where there is none."""
    if not api.file_exists(repo, METADATA, repo_type="dataset", revision=revision):
        return {}
    with tempfile.TemporaryDirectory(prefix="synthlm-") as place:
        path = api.hf_hub_download(repo, METADATA, repo_type="dataset", revision=revision, local_dir=place)
        found: dict[str, Any] = json.loads(Path(path).read_text("utf-8"))
    return found


def _paths(papers: Mapping[str, Any]) -> set[str]:
    return {file["path"] for file in papers.get("files", [])}


def _refuse_other_data(repo: str, tag: str, local: dict[str, Any], published: dict[str, Any]) -> None:
    """Other libraries alone make no other data; all else that metadata.json has must be equal."""
    here, there = _settings(local), _settings(published)
    differing = [
        f"{key} ({there.get(key)!r} there, {here.get(key)!r} here)"
        for key in here | there
        if here.get(key) != there.get(key)
    ]
    named = {"settings", "libraries"}
    differing += [key for key in local if key not in named and local[key] != published.get(key)]
    if differing:
        raise HubError(
            f"hub_repo={repo!r}: version {tag} is published there with other data; these differ: "
            f"{', '.join(differing)}; push to another repo"
        )


def _settings(papers: dict[str, Any]) -> dict[str, Any]:
    """The settings with the options beside the rest."""
    settings = papers.get("settings", {})
    return {**settings.get("options", {}), **{key: settings[key] for key in settings if key != "options"}}
