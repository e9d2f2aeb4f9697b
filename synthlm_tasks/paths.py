"""Paths: what was typed for one becomes a path here, and what the machine says of one becomes a message.

A path is a path: a leading `~` is the home folder, every other character is just a character. What holds
`://` after a protocol is a URL, which only an output folder may be.
"""

import errno
import fcntl
import os
import re
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

from synthlm_tasks.errors import PathError, UnlockedWarning

Kind = Literal["folder", "file", "new folder", "new file"]
"""What a path is asked for: what is there to read, or what may be there or not to write."""

# `file://x`, and chains of fsspec such as `simplecache::s3://x`; `a::b` and `local:x` are names of files.
_URL: Final = re.compile(r"(?:[a-z][a-z0-9+.-]*::)*[a-z][a-z0-9+.-]*://", re.IGNORECASE)

# The path is at fault: the same command ends the same way. Else (a full disk, a lost network) it may pass.
_LASTING: Final = frozenset(
    {
        *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENODEV, errno.ENXIO, errno.EBUSY, errno.ETXTBSY),
        *(errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOTEMPTY, errno.ELOOP, errno.EXDEV),
        *(errno.ENAMETOOLONG, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS),
    }
)

# NFS answers EBADF where it cannot lock a folder, some FUSE file systems EINVAL.
_NO_LOCKS: Final = frozenset(
    (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EBADF, errno.EINVAL)
)

# Where HTTP libraries look for certificates; a bare "No such file" is all they say where they are not there.
_CERTIFICATES: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def is_url(text: str) -> bool:
    """Whether `text` is a URL rather than a path, e.g. "s3://bucket/x" is, "/tmp/a::b" is not."""
    return _URL.match(text) is not None


def expand_path(text: str) -> Path:
    """The path that was typed as `text`, with `~` expanded; raises PathError where no path can be meant."""
    if not text:
        raise PathError("'': expected a path")
    if "\0" in text or not _is_utf8(text):
        raise PathError(f"{text!r}: expected a path in UTF-8")
    if is_url(text):
        raise PathError(f"{text!r}: expected a path on this machine, not a URL")
    # Unlike `Path.expanduser`, this leaves a name such as `~draft`, of no user, as it is, as shells do.
    return Path(os.path.expanduser(text))  # noqa: PTH111


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def find_fault(path: Path, kind: Kind) -> str | None:
    """What keeps `path` from being used as `kind`, e.g. "is a file, not a folder"; None where nothing does.

    Changes nothing: that a file system is read-only shows here, that its disk is full only later.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return _find_fault_of_nothing(path, kind)
    except OSError as error:
        return _reason(error)
    wanted = kind.removeprefix("new ")
    if wanted == "folder" and not stat.S_ISDIR(mode):
        return "is a file, not a folder"
    if wanted == "file" and stat.S_ISDIR(mode):
        return "is a folder, not a file"
    need = os.R_OK if wanted == kind else os.W_OK
    if not os.access(path, need | (os.X_OK if wanted == "folder" else 0)):
        return f"cannot be {'read' if need == os.R_OK else 'written to'}: no permission, or read-only"
    return None


def _find_fault_of_nothing(path: Path, kind: Kind) -> str | None:
    """The fault of a path where nothing is."""
    if path.is_symlink():
        return f"is a link to {str(path.readlink())!r}, which is not there"
    if kind in ("folder", "file"):
        return f"there is no such {kind}"
    if kind == "new file" and not path.parent.exists():
        return f"there is no folder {str(path.parent)!r}"
    above = next(place for place in path.parents if place.exists() or place.is_symlink())
    fault = find_fault(above, "new folder")
    return fault and f"{str(above)!r} {fault}"


def check_path(path: Path, kind: Kind) -> None:
    """Raise PathError, which names the path and its fault, where `find_fault` finds one."""
    fault = find_fault(path, kind)
    if fault:
        raise PathError(f"{str(path)!r}: {fault}")


def make_folder(path: Path) -> None:
    """Make a folder and those above it, or find it there; raises PathError where it cannot be."""
    check_path(path, "new folder")
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if not is_lasting(error):
            raise
        raise PathError(f"{str(path)!r}: cannot be made: {_reason(error)}") from None


@contextmanager
def stage_files(folder: Path) -> Iterator[Path]:
    """A place for files that go to `folder` together once all are whole; nothing is left of them otherwise.

    Made before the work that fills it, so that a folder that cannot be written costs no work. Raises
    PathError.
    """
    check_path(folder, "new folder")
    new = [place for place in (folder, *folder.parents) if not place.exists()]
    make_folder(folder)
    try:
        with _draft_folder(folder) as draft:
            yield draft
            files = sorted(draft.iterdir())
            for file in files:
                if (folder / file.name).is_dir():
                    raise PathError(f"{str(folder / file.name)!r}: is a folder, not a file")
            for file in files:
                file.replace(folder / file.name)
    except BaseException:
        for place in new:
            with suppress(OSError):  # somebody else's files may be there by now
                place.rmdir()
        raise


@contextmanager
def _draft_folder(folder: Path) -> Iterator[Path]:
    try:
        made = TemporaryDirectory(prefix=".draft-", dir=folder)
    except OSError as error:
        if not is_lasting(error):
            raise
        raise PathError(f"{str(folder)!r}: cannot be written to: {_reason(error)}") from None
    with made as draft:
        yield Path(draft)


def is_lasting(error: OSError) -> bool:
    """Whether the path is at fault, so that trying again would not help."""
    return error.errno in _LASTING


def describe_error(error: OSError) -> str:
    """One line for an OSError: the paths that it names, and the reason."""
    both = (error.filename, error.filename2)
    names = [name for name in both if isinstance(name, str | bytes | os.PathLike)]
    shown = " and ".join(repr(os.fsdecode(name)) for name in names)
    return f"{shown}: {_reason(error)}" if shown else _reason(error)


def _reason(error: OSError) -> str:
    return " ".join((error.strerror or str(error) or type(error).__name__).split())


def lock_file(file: int, name: str) -> None:
    """Hold an open file against other processes until it is closed; raises BlockingIOError where one does.

    Where the file system has no locks, work goes on without, which an UnlockedWarning tells.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        warnings.warn(
            f"{name!r}: its file system has no locks ({_reason(error)}); going on, see to it that no other "
            "process works on it",
            UnlockedWarning,
            stacklevel=3,
        )


def find_missing_certificates(error: BaseException) -> str | None:
    """The variable that `error` is due to, in a message: it names certificates that are not there."""
    for name in _CERTIFICATES:
        value = os.environ.get(name)
        blamed = value and (isinstance(error, FileNotFoundError) or value in str(error))
        if value and blamed and not Path(value).exists():
            return f"{name}={value!r}: there is no such file, and HTTPS needs it; correct or unset it"
    return None
