"""The journal `results.jsonl`: the one truth about a run, appended a whole line at a time.

A process can die at any byte: a torn last line is cut off when the run goes on, and its sample is owed
again. One process at a time holds a run directory.
"""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from eval_harness.errors import HarnessError
from eval_harness.records import Record
from synthlm_tasks.paths import lock_file

NAME: Final = "results.jsonl"
_LOCK: Final = ".lock"


class DirectoryBusyError(HarnessError):
    """Another process is at work on the run directory."""


class StorageError(HarnessError):
    """An outcome could not be written, e.g. because the disk is full."""

    exit_code = 3


class Lock:
    """Holds a run directory against other processes until closed or the process is gone."""

    def __init__(self, directory: Path) -> None:
        """Take the lock; raises DirectoryBusyError where another process holds it.

        Where the file system has no locks, an UnlockedWarning says so.
        """
        self._file = os.open(directory / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            lock_file(self._file, str(directory))
        except BlockingIOError:
            os.close(self._file)
            raise DirectoryBusyError(f"another process is at work on {directory}: let it finish") from None
        except BaseException:
            os.close(self._file)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)


class Journal:
    """Appends records. What `append` returned from is in the file, whole, whatever happens next."""

    def __init__(self, directory: Path) -> None:
        """Open the journal of a run directory for appending, and cut off a torn last line."""
        self._file = os.open(directory / NAME, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        self._size = _whole_lines(self._file)
        os.ftruncate(self._file, self._size)
        self._unsynced = False

    def append(self, record: Record) -> None:
        """Add one line in one write; raises StorageError, with no part of the line left in the file."""
        line = record.line()
        try:
            written = os.write(self._file, line)
        except OSError as error:
            raise StorageError(f"cannot write {NAME}: {error.strerror}") from error
        if written < len(line):
            os.ftruncate(self._file, self._size)
            raise StorageError(f"cannot write {NAME}: {os.strerror(errno.ENOSPC)}")
        self._size += written
        self._unsynced = True

    def sync(self) -> None:
        """Make the device hold what was appended; raises StorageError."""
        if self._unsynced:
            self._unsynced = False
            try:
                os.fsync(self._file)
            except OSError as error:
                raise StorageError(f"cannot write {NAME}: {error.strerror}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)


def _whole_lines(file: int) -> int:
    """The size of a file up to the end of its last whole line."""
    size = os.fstat(file).st_size
    while size:
        start = max(size - (1 << 16), 0)
        end = os.pread(file, size - start, start).rfind(b"\n")
        if end >= 0:
            return start + end + 1
        size = start
    return 0


def read_records(directory: Path) -> Iterator[Record]:
    """Every record of a journal, in the order written; lines that are none (a torn last one) are left out."""
    path = directory / NAME
    if not path.exists():
        return
    with path.open("rb") as lines:
        for line in lines:
            if not line.endswith(b"\n"):
                return
            try:
                yield Record.parse(line)
            except ValueError:
                continue
