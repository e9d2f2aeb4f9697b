"""What the tests of publishing share: a folder, the Hub of this process, the command and its message."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import huggingface_hub.constants
import pytest
from hub_api import READER, STRANGER, WRITER, Hub
from hub_server import serving

from synthlm_tasks import cli

REPO = "user/synthlm"
CONFIGS = ("dyna-hard", "logic-easy")
EXPORT = ["export", *CONFIGS, "--num-samples", "300"]

# The library's own way of sending large files without xet is deprecated in the HTTP library under it.
OLD_UPLOAD = pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning")


def export(folder: Path) -> Path:
    """Make the folder that is published."""
    assert cli.main([*EXPORT, "--output-dir", str(folder)]) == 0
    return folder


def direct(patch: pytest.MonkeyPatch, url: str) -> None:
    """Make this process take `url` for the Hub, as HF_ENDPOINT would have."""
    patch.setattr(huggingface_hub.constants, "ENDPOINT", url)
    template = url + "/{repo_id}/resolve/{revision}/{filename}"
    patch.setattr(huggingface_hub.constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)


@contextmanager
def hub_of_this_process(patch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A Hub that this process pushes to, with the token of who may write in HF_TOKEN."""
    with serving() as hub:
        direct(patch, hub.url)
        patch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
        patch.setattr(huggingface_hub.constants, "HF_HUB_DISABLE_XET", True, raising=False)
        patch.setenv("HF_TOKEN", WRITER)
        yield hub


def push(folder: Path, *arguments: str, repo: str = REPO) -> int:
    """The exit code of `synthlm push`."""
    return cli.main(["push", str(folder), repo, *arguments])


def only_message(capsys: pytest.CaptureFixture[str]) -> str:
    """The one message on stderr, in which no token stands."""
    output, message = capsys.readouterr()
    assert output == ""
    assert message.startswith("error: ")
    assert message.count("\n") == 1
    assert not any(token in message for token in (WRITER, READER, STRANGER))
    return message
