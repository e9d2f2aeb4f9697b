"""`synthlm push`, and what the generating commands need to publish what they have written."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter
from rich.console import Console

from synthlm_tasks.cli.paths import FinishedFolder
from synthlm_tasks.cli.terminal import plain_console, show_waiting
from synthlm_tasks.curriculum.layout import Format
from synthlm_tasks.errors import ParameterError
from synthlm_tasks.paths import is_url

if TYPE_CHECKING:  # heavy, and imported by every generating command
    from synthlm_tasks.hub import Destination

_PLAIN: Final = Parameter(negative=())

_Folder = Annotated[
    FinishedFolder,
    Parameter(name="FOLDER", help="A folder that single, merged, export or pack has finished."),
]
_Repo = Annotated[str, Parameter(name="REPO", help="The dataset repo to publish in: user/name.")]
_Private = Annotated[bool, Parameter(negative=(), help="Make a new repo private.")]
_Token = Annotated[str | None, Parameter(help="Token with write rights; HF_TOKEN if not given.")]


@Parameter(name="*")
@dataclass(frozen=True)
class Publishing:
    """Whether and where to publish what is written."""

    push_to_hub: Annotated[bool, _PLAIN] = False
    """Publish the folder on the Hugging Face Hub when it is finished."""
    hub_repo: str | None = None
    """The dataset repo to publish in: user/name."""
    private: Annotated[bool, _PLAIN] = False
    """Make a new repo private."""
    hf_token: str | None = None
    """Token with write rights; HF_TOKEN if not given."""

    def destination(self, file_format: Format, url: str) -> "Destination | None":
        """Where to publish, None for nowhere; raises before anything is made what would fail afterwards."""
        if not self.push_to_hub:
            if self.hub_repo is not None:
                raise ParameterError(f"hub_repo={self.hub_repo!r}: give --push-to-hub too")
            return None
        if self.hub_repo is None:
            raise ParameterError("push_to_hub: give --hub-repo user/name too")
        if file_format != "parquet":
            raise ParameterError(
                f"format={file_format!r}: the Hub gets Parquet; leave out --format or --push-to-hub"
            )
        if is_url(url):
            raise ParameterError(f"output_dir={url!r}: only a local folder can be pushed")
        from synthlm_tasks.hub import Destination

        return Destination.create(self.hub_repo, self.hf_token, private=self.private)


PUBLISHING: Final = Publishing()


def push(folder: _Folder, repo: _Repo, /, *, private: _Private = False, hf_token: _Token = None) -> None:
    """Publish a finished folder on the Hugging Face Hub."""
    from synthlm_tasks.hub import Destination

    publish(plain_console(), folder, Destination.create(repo, hf_token, private=private))


def publish(console: Console, folder: Path, to: "Destination") -> None:
    """Publish, and say where it is to be found."""
    from huggingface_hub.utils.tqdm import disable_progress_bars

    from synthlm_tasks.curriculum.verification import verify_folder
    from synthlm_tasks.hub import push_folder

    if not console.is_terminal:
        disable_progress_bars()
    with show_waiting(plain_console(stderr=True), f"checking the files of {folder}") as tell:
        papers = verify_folder(folder, tell)
    made = push_folder(folder, to, papers)
    done = "published" if made.new else "published already, nothing to do"
    console.print(f"{made.url}: version {made.version}, {done}", soft_wrap=True)
