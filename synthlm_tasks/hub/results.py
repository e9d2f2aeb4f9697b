"""Pushing small files of results to a model's repo: one commit, or a pull request."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from huggingface_hub import CommitOperationAdd

from synthlm_tasks.errors import ParameterError
from synthlm_tasks.hub.access import Access, require_token
from synthlm_tasks.repo_names import find_name_fault


def check_model(name: str) -> None:
    """Raise ParameterError for a name that no model on the Hub can have."""
    if fault := find_name_fault(name, with_owner=True):
        raise ParameterError(f"model={name!r}: {fault}; expected a model on the Hub, user/model")


@dataclass(frozen=True)
class ModelRepo:
    """A model's repo on the Hub and the right to write to it, or to propose something for it."""

    name: str
    token: str = field(repr=False)
    create_pr: bool = False

    @classmethod
    def create(cls, name: str, token: str | None = None, *, create_pr: bool = False) -> "ModelRepo":
        """Where files may go; without a token given, the one of HF_TOKEN or of `hf auth login`.

        Asks nothing of the Hub. Raises ParameterError for a name that cannot be, HubError without a token.
        """
        check_model(name)
        return cls(name, require_token(token), create_pr)

    def push(self, files: Mapping[str, str], message: str) -> str:
        """Commit files, path → content; returns where the commit or the pull request is to be seen.

        Raises HubError when the Hub refuses, AbortedError when it cannot be reached.
        """
        access = Access(
            "model",
            self.name,
            self.token,
            "there is no such model on the Hub, or this token may not write to it ({said}); take a token "
            "with write rights on it, or propose the files with --create-pr",
            "the files are written here: push them again later",
        )
        api = access.client()
        added = [CommitOperationAdd(path, content.encode()) for path, content in files.items()]
        with access.explained(api.endpoint):
            made = api.create_commit(self.name, added, commit_message=message, create_pr=self.create_pr)
        return str(made.pr_url or made.commit_url)
