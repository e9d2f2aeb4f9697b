"""The endpoints of the stand-in for the Hub: as much of its HTTP API as pushing and loading a dataset asks.

Large files come by git-style LFS, or, with `xet`, by hf_xet's own store in a local folder.
"""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs

from hub_repos import NO_REPO, Blob, Commit, Refused, Repo, described

WRITER = "hf_writer_0123456789abcdef"
READER = "hf_reader_0123456789abcdef"  # of the same user, without the right to write
STRANGER = "hf_stranger_0123456789abcdef"


@dataclass
class Hub:
    """The state of a server: its repos, what was asked of it, and the faults it is told to make."""

    url: str = ""
    xet: Path | None = None
    repos: dict[str, Repo] = field(default_factory=dict)
    large: dict[str, Blob] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    faults: dict[str, Refused] = field(default_factory=dict)
    """Part of "METHOD path" → the answer instead."""
    defects: list[Exception] = field(default_factory=list)
    users: ClassVar = {WRITER: ("user", True), READER: ("user", False), STRANGER: ("stranger", True)}

    def log(self, repo: str) -> list[str]:
        """The titles of a repo's commits, the first first."""
        return [commit.title for commit in self.repos[repo].commits]


@dataclass
class Request:
    """One request, with the groups of its route."""

    hub: Hub
    method: str
    groups: dict[str, str]
    query: dict[str, str]
    headers: Any
    body: bytes

    @property
    def user(self) -> tuple[str, bool] | None:
        """Who asks and whether they may write; None for nobody."""
        given = self.headers.get("Authorization")
        if given is None:
            return None
        if (known := self.hub.users.get(given.removeprefix("Bearer "))) is None:
            raise Refused(401, "Invalid credentials in Authorization header")
        return known

    @property
    def json(self) -> Any:  # noqa: ANN401  # whatever was sent
        return json.loads(self.body)

    def repo(self, write: bool = False) -> Repo:
        """The repo asked for, if they who ask may see it (and write to it)."""
        repo, owner = self.hub.repos.get(self.groups["repo"]), self.groups["repo"].partition("/")[0]
        user, kind = self.user, self.groups.get("kind") or "models"
        if repo is None or repo.kind != kind or (repo.private and (user is None or user[0] != owner)):
            raise NO_REPO if user else Refused(401, NO_REPO.message, NO_REPO.code)
        if write and user != (owner, True):
            raise Refused(403, "Forbidden: you need a token with write rights on this repo")
        return repo

    @property
    def proposes(self) -> bool:
        """Whether a pull request is to be made, which whoever is known may."""
        return self.query.get("create_pr") == "1" and self.user is not None

    @property
    def at(self) -> Commit:
        return self.repo().at(self.groups["revision"])


@dataclass
class Reply:
    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def whoami(request: Request) -> Reply:
    if request.user is None:
        raise Refused(401, "Invalid username or password.")
    return Reply({"type": "user", "name": request.user[0], "orgs": [], "auth": {"type": "access_token"}})


def create(request: Request) -> Reply:
    if request.user is None:
        raise Refused(401, "Invalid username or password.")
    asked = request.json
    name, (user, writes) = f"{asked['organization'] or request.user[0]}/{asked['name']}", request.user
    if user != name.partition("/")[0] or not writes:
        raise Refused(403, f'You don\'t have the rights to create a dataset under "{asked["organization"]}"')
    answer = {"url": f"{request.hub.url}/datasets/{name}"}
    if name in request.hub.repos:
        return Reply(answer, 409)
    private = asked.get("private") or asked.get("visibility") == "private"
    request.hub.repos[name] = Repo(name, bool(private))
    return Reply(answer)


def info(request: Request) -> Reply:
    repo = request.repo()
    commit = repo.at(request.groups["revision"] or "main")
    siblings = [{"rfilename": path} for path in commit.files]
    return Reply(
        {"id": repo.name, "sha": commit.oid, "private": repo.private, "siblings": siblings, "tags": []}
    )


def tree(request: Request) -> Reply:
    recursive = request.query.get("recursive", "").lower() in ("true", "1")
    return Reply(request.repo().tree(request.groups["revision"], request.groups["path"] or "", recursive))


def paths_info(request: Request) -> Reply:
    form = request.headers["Content-Type"].startswith("application/x-www-form")
    paths = parse_qs(request.body.decode())["paths"] if form else request.json["paths"]
    files = request.at.files
    folders = {path for path in paths if any(file.startswith(f"{path}/") for file in files)}
    listed = [{"type": "directory", "path": path, "oid": "0" * 40} for path in folders]
    return Reply([*listed, *(described(path, files[path]) for path in paths if path in files)])


def refs(request: Request) -> Reply:
    repo = request.repo()
    main = {"name": "main", "ref": "refs/heads/main", "targetCommit": repo.head.oid}
    tags = [{"name": t, "ref": f"refs/tags/{t}", "targetCommit": oid} for t, oid in repo.tags.items()]
    return Reply({"branches": [main], "converts": [], "tags": tags})


def preupload(request: Request) -> Reply:
    files, modes = request.repo(write=not request.proposes).head.files, []
    for asked in request.json["files"]:
        large = asked["path"].endswith(".parquet")
        known = files.get(asked["path"])
        mode = "lfs" if large else "regular"
        oid = known.etag if known else None
        modes.append({"path": asked["path"], "uploadMode": mode, "shouldIgnore": False, "oid": oid})
    return Reply({"files": modes})


def lfs_batch(request: Request) -> Reply:
    request.repo(write=True)
    objects = []
    for item in request.json["objects"]:
        upload = {"upload": {"href": f"{request.hub.url}/lfs/{item['oid']}"}}
        objects.append(item if item["oid"] in request.hub.large else {**item, "actions": upload})
    return Reply({"transfer": "basic", "objects": objects})


def lfs_put(request: Request) -> Reply:
    blob = Blob(request.body, large=True)
    if blob.sha256 != request.groups["oid"]:
        raise Refused(400, "the content does not have this SHA-256")
    request.hub.large[blob.sha256] = blob
    return Reply()


def xet_token(request: Request) -> Reply:
    if request.hub.xet is None:
        raise Refused(404, "this Hub has no xet storage")
    request.repo(write=request.groups["right"] == "write")
    store, expiry = f"local://{request.hub.xet}", int(time.time()) + 3600
    given = {"X-Xet-Cas-Url": store, "X-Xet-Access-Token": "xet", "X-Xet-Token-Expiration": str(expiry)}
    return Reply({"casUrl": store, "accessToken": "xet", "exp": expiry}, 200, given)


def commit(request: Request) -> Reply:
    repo, hub = request.repo(write=not request.proposes), request.hub
    lines = [json.loads(line) for line in request.body.splitlines()]
    for line in lines if hub.xet else []:
        from hub_xet import xet_blob  # hf_xet is not there with every huggingface_hub

        if line["key"] == "lfsFile" and (oid := line["value"]["oid"]) not in hub.large:
            hub.large[oid] = xet_blob(hub.xet, oid, line["value"]["size"])
    made = repo.apply(lines, hub.large, request.proposes)
    page = f"{hub.url}/{'datasets/' if repo.kind == 'datasets' else ''}{repo.name}"
    answer = {"success": True, "commitOid": made.oid, "commitUrl": f"{page}/commit/{made.oid}"}
    if request.proposes:
        answer["pullRequestUrl"] = f"{page}/discussions/{len(repo.proposed)}"
    return Reply(answer)


def tag(request: Request) -> Reply:
    repo, name = request.repo(write=True), request.json["tag"]
    if name in repo.tags:
        raise Refused(409, f"Tag {name} exists already")
    repo.tags[name] = request.at.oid
    return Reply()


def resolve(request: Request) -> Reply:
    at = request.at
    blob = at.files.get(request.groups["path"])
    given = {"X-Repo-Commit": at.oid, "Accept-Ranges": "bytes"}
    if blob is None:
        raise Refused(404, "Entry not found", "EntryNotFound")
    given |= {
        "ETag": f'"{blob.etag}"',
        "X-Linked-Etag": f'"{blob.etag}"',
        "X-Linked-Size": str(len(blob.data)),
    }
    if blob.xet:
        route = f"/api/datasets/{request.groups['repo']}/xet-read-token/{at.oid}"
        given |= {"X-Xet-Hash": blob.xet, "X-Xet-Refresh-Route": request.hub.url + route}
    span = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("Range", ""))
    if span is None or request.method == "HEAD":
        return Reply(blob.data, 200, given)
    first, last = int(span[1]), min(int(span[2] or len(blob.data)), len(blob.data) - 1)
    given["Content-Range"] = f"bytes {first}-{last}/{len(blob.data)}"
    return Reply(blob.data[first : last + 1], 206, given)


_REPO = r"(?P<repo>[^/]+/[^/]+?)"
_API = rf"/api/(?P<kind>datasets|models)/{_REPO}"
_AT = r"/(?P<revision>[^/]+)"
ROUTES: list[tuple[str, str, Callable[[Request], Reply]]] = [
    ("GET", "/api/whoami-v2", whoami),
    ("POST", "/api/repos/create", create),
    ("POST", "/api/validate-yaml", lambda _: Reply({"errors": [], "warnings": []})),
    ("GET", rf"{_API}(?:/revision{_AT})?", info),
    ("GET", rf"{_API}/tree{_AT}(?:/(?P<path>.+))?", tree),
    ("POST", rf"{_API}/paths-info{_AT}", paths_info),
    ("GET", rf"{_API}/refs", refs),
    ("POST", rf"{_API}/preupload{_AT}", preupload),
    ("POST", rf"{_API}/commit{_AT}", commit),
    ("POST", rf"{_API}/tag{_AT}", tag),
    ("GET", rf"{_API}/xet-(?P<right>read|write)-token{_AT}", xet_token),
    ("POST", rf"/(?P<kind>datasets)/{_REPO}\.git/info/lfs/objects/batch", lfs_batch),
    ("PUT", r"/lfs/(?P<oid>\w+)", lfs_put),
    ("GET", rf"/(?P<kind>datasets)/{_REPO}/resolve{_AT}/(?P<path>.+)", resolve),
]
