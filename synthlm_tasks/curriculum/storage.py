"""A folder anywhere fsspec reaches: whole files appear under their names, or not at all."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from fsspec import get_filesystem_class
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from synthlm_tasks.errors import AbortedError, FolderError
from synthlm_tasks.paths import describe_error, expand_path, is_lasting, is_url, lock_file, make_folder

WORK: Final = ".synthlm"
"""Where a folder under construction keeps what is not part of it."""


class Sink:
    """A file being written: bytes go through, and their number and SHA-256 are kept."""

    def __init__(self, file: Any) -> None:  # noqa: ANN401  # fsspec is untyped
        """Write to `file` from its start on."""
        self._file = file
        self._sha = hashlib.sha256()
        self.size = 0
        self.closed = False

    def write(self, data: bytes) -> int:
        """Append bytes; of an abandoned file they are dropped."""
        if self.closed:
            return len(data)
        self._file.write(data)
        self._sha.update(data)
        self.size += len(data)
        return len(data)

    def tell(self) -> int:
        """The bytes so far."""
        return self.size

    def flush(self) -> None:
        """Nothing is held back here."""

    def close(self) -> None:
        """The file is closed by the folder it is in."""

    def abandon(self) -> None:
        """Take no more: a format's writer that is dropped half-way still writes its end."""
        self.closed = True

    @property
    def sha256(self) -> str:
        """The digest of the bytes so far."""
        return self._sha.hexdigest()


def find_url_fault(url: str) -> str | None:
    """What keeps fsspec from writing to `url` whatever lies there; None where nothing is known to."""
    for link in url.split("::"):
        try:
            get_filesystem_class(link.partition("://")[0])
        except (ImportError, ValueError) as error:  # not installed, not known
            return str(error)
    if found := re.search(r"[*?[]", url):
        # fsspec may take it for a pattern, and what it matches for what is to be removed.
        return f"has {found[0]!r}, which a URL may not"
    return None


class Folder:
    """The output folder, by path or fsspec URL."""

    def __init__(self, url: str) -> None:
        """Name the folder; nothing is made or read yet. Raises FolderError where no such URL can be."""
        self.url = url
        if is_url(url):
            if fault := find_url_fault(url):
                raise FolderError(f"output_dir={url!r}: {fault}")
            self._fs, self._root = url_to_fs(url)
        else:
            # Not by way of fsspec's parser, to which `::`, `local:` and more in a name mean something.
            self._fs, self._root = LocalFileSystem(), str(expand_path(url).absolute())

    @property
    def address(self) -> str:
        """What names the folder in any process, whatever its working folder."""
        return self.url if is_url(self.url) else self._root

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes of this machine out of a local folder.

        Raises FolderError where one is at work in it.
        """
        if not isinstance(self._fs, LocalFileSystem):
            yield
            return
        path = expand_path(self._root)
        make_folder(path)
        with self._explained("be read"):
            folder = os.open(path, os.O_RDONLY)
        try:
            try:
                lock_file(folder, self.url)
            except BlockingIOError:
                raise FolderError(
                    f"output_dir={self.url!r}: another process is writing to it; let it finish"
                ) from None
            yield
        finally:
            os.close(folder)

    @contextmanager
    def writing(self, name: str) -> Iterator[Sink]:
        """Write one file: under a temporary name until it is whole, then under its own.

        Raises AbortedError when it cannot be written now (a full disk, say), FolderError when it never can
        be there; nothing is left of it then.
        """
        # A name of its own: whoever wrote the same file before may not have noticed yet that it was given up.
        part = self._path(f"{WORK}/partial/{name.replace('/', '~')}.{secrets.token_hex(4)}")
        try:
            for path in (part, self._path(name)):
                self._fs.makedirs(self._fs._parent(path), exist_ok=True)
            with self._fs.open(part, "wb") as file:
                sink = Sink(file)
                try:
                    yield sink
                except BaseException:
                    sink.abandon()
                    raise
                file.flush()
                if isinstance(self._fs, LocalFileSystem):
                    os.fsync(file.fileno())
            self._fs.mv(part, self._path(name))
        except NotImplementedError:
            if not is_url(self.url):
                raise
            raise FolderError(f"output_dir={self.url!r}: fsspec cannot write there") from None
        except OSError as error:
            self._discard(part)
            if is_lasting(error):
                raise self._refusal("be written to", error) from None
            raise AbortedError(
                f"{name}: cannot be written to {self.url!r}: {error.strerror or error}; "
                "make room (or see to the folder), then run the same command again: finished files are kept"
            ) from error

    def write(self, name: str, text: str) -> None:
        """Write a text file whole."""
        with self.writing(name) as sink:
            sink.write(text.encode())

    def read(self, name: str) -> str | None:
        """A text file's content, None where there is no such file."""
        try:
            with self._explained("be read"):
                return bytes(self._fs.cat_file(self._path(name))).decode(errors="replace")
        except FileNotFoundError:
            return None

    def size(self, name: str) -> int | None:
        """A file's size, None where there is no such file."""
        try:
            with self._explained("be read"):
                return int(self._fs.size(self._path(name)))
        except FileNotFoundError:
            return None

    def names(self, folder: str = "") -> list[str]:
        """What lies in the folder (or in one inside it), hidden things too."""
        try:
            with self._explained("be read"):
                found = self._fs.ls(self._path(folder), detail=False)
        except FileNotFoundError:
            return []
        return sorted(path.rstrip("/").rpartition("/")[2] for path in found)

    def remove(self, name: str) -> None:
        """Remove a file or a folder with all that is in it."""
        with self._explained("be changed"):
            if self._fs.exists(self._path(name)):
                self._fs.rm(self._path(name), recursive=True)

    @contextmanager
    def _explained(self, use: str) -> Iterator[None]:
        """Make one message of what the file system raises, but for files that are not there."""
        try:
            yield
        except FileNotFoundError:
            raise
        except OSError as error:
            raise self._refusal(use, error) from None

    def _refusal(self, use: str, error: OSError) -> FolderError:
        return FolderError(f"output_dir={self.url!r}: cannot {use}: {describe_error(error)}")

    def _path(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}" if name else self._root

    def _discard(self, path: str) -> None:
        try:
            self._fs.rm_file(path)
        except OSError:
            return  # it was never made, or is removed when the folder is next opened
