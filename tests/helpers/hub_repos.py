"""What the stand-in for the Hub keeps: repos, their commits, tags and files, and who may write."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


class Refused(Exception):  # noqa: N818  # an answer, not a defect
    """The answer to a request that may not be done."""

    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code


NO_REPO = Refused(404, "Repository not found", "RepoNotFound")


@dataclass(frozen=True)
class Blob:
    """A file's content, and how it is stored: in git itself, or as a large file beside it."""

    data: bytes
    large: bool
    xet: str | None = None

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def git_oid(self) -> str:
        pointer = (
            f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.sha256}\nsize {len(self.data)}\n"
        )
        kept = pointer.encode() if self.large else self.data
        return hashlib.sha1(b"blob %d\0" % len(kept) + kept).hexdigest()

    @property
    def etag(self) -> str:
        return self.sha256 if self.large else self.git_oid


@dataclass(frozen=True)
class Commit:
    oid: str
    title: str
    files: dict[str, Blob]


@dataclass
class Repo:
    name: str
    private: bool
    kind: str = "datasets"
    commits: list[Commit] = field(default_factory=list)
    proposed: list[Commit] = field(default_factory=list)
    """Commits of pull requests."""
    tags: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.commit("initial commit", {".gitattributes": Blob(b"*.parquet filter=lfs\n", large=False)})

    @property
    def head(self) -> Commit:
        return self.commits[-1]

    def commit(self, title: str, files: dict[str, Blob], propose: bool = False) -> Commit:
        parent = self.commits[-1].oid if self.commits else ""
        tree = json.dumps([parent, title, {path: blob.git_oid for path, blob in sorted(files.items())}])
        made = Commit(hashlib.sha1(tree.encode()).hexdigest(), title, files)
        (self.proposed if propose else self.commits).append(made)
        return made

    def at(self, revision: str) -> Commit:
        """The commit of a branch, a tag or an id."""
        if revision in ("main", "refs/heads/main", "HEAD"):
            return self.head
        oid = self.tags.get(revision.removeprefix("refs/tags/"), revision)
        for commit in self.commits:
            if commit.oid == oid:
                return commit
        raise Refused(404, f"Invalid rev id: {revision}", "RevisionNotFound")

    def tree(self, revision: str, folder: str, recursive: bool) -> list[dict[str, Any]]:
        """What lies in a folder, as the tree endpoint lists it."""
        prefix = f"{folder}/" if folder else ""
        found: dict[str, dict[str, Any]] = {}
        for path, blob in sorted(self.at(revision).files.items()):
            if not path.startswith(prefix):
                continue
            parts = path.removeprefix(prefix).split("/")
            for depth in range(1, len(parts) if recursive else min(len(parts), 2)):
                parent = prefix + "/".join(parts[:depth])
                oid = hashlib.sha1(parent.encode()).hexdigest()
                found[parent] = {"type": "directory", "path": parent, "oid": oid, "size": 0}
            if recursive or len(parts) == 1:
                found[path] = described(path, blob)
        if folder and not found:
            raise Refused(404, f"{folder} does not exist", "EntryNotFound")
        return list(found.values())

    def apply(self, lines: list[dict[str, Any]], large: dict[str, Blob], propose: bool = False) -> Commit:
        """Make (or propose) the commit that the lines of a request describe; `large`: by SHA-256."""
        files = dict(self.head.files)
        title = ""
        for line in lines:
            value = line["value"]
            match line["key"]:
                case "header":
                    title = value["summary"]
                case "file":
                    files[value["path"]] = Blob(base64.b64decode(value["content"]), large=False)
                case "lfsFile":
                    if value["oid"] not in large:
                        raise Refused(400, f"{value['path']}: not uploaded")
                    files[value["path"]] = large[value["oid"]]
                case "deletedFile":
                    del files[value["path"]]
                case key:
                    raise Refused(400, f"unknown operation {key}")
        return self.commit(title, files, propose)


def described(path: str, blob: Blob) -> dict[str, Any]:
    """A file as the tree and paths-info endpoints list it."""
    entry: dict[str, Any] = {"type": "file", "path": path, "oid": blob.git_oid, "size": len(blob.data)}
    if blob.large:
        entry["lfs"] = {"oid": blob.sha256, "size": len(blob.data), "pointerSize": 134}
    if blob.xet:
        entry["xetHash"] = blob.xet
    return entry
