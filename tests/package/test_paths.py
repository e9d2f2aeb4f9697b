"""Paths: from text to a path, from an error to a message, locks, and files that appear together."""

import errno
import os
from pathlib import Path

import pytest
from path_options import without_locks

from eval_harness.runs.journal import DirectoryBusyError, Lock
from synthlm_tasks import paths
from synthlm_tasks.curriculum.storage import Folder
from synthlm_tasks.errors import FolderError, PathError, UnlockedWarning
from synthlm_tasks.paths import (
    describe_error,
    expand_path,
    find_fault,
    find_missing_certificates,
    is_url,
    make_folder,
    stage_files,
)


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("~", "/home/me"),
        ("~/a/~", "/home/me/a/~"),
        ("~nobody-of-that-name/a", "~nobody-of-that-name/a"),
        ("./~/a", "~/a"),
        ("a[b]/c::d#e", "a[b]/c::d#e"),
        ("local:x", "local:x"),
        ("$HOME/%41", "$HOME/%41"),
        (" a ", " a "),
    ],
)
def test_only_a_leading_tilde_means_something(typed: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert str(expand_path(typed)) == path


@pytest.mark.parametrize("typed", ["", "a\0b", "a\udcff", "s3://bucket/x", "file:///x"])
def test_what_can_be_no_path_is_refused_as_it_was_typed(typed: str) -> None:
    with pytest.raises(PathError) as refused:
        expand_path(typed)
    assert str(refused.value).startswith(f"{typed!r}: expected a path")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("s3://b/x", True),
        ("simplecache::s3://b/x", True),
        ("FILE:///x", True),
        ("a::b", False),
        ("/tmp/x://y", False),
        ("local:x", False),
        ("c:/x", False),
    ],
)
def test_a_url_has_a_protocol(text: str, url: bool) -> None:
    assert is_url(text) is url


def test_a_folder_by_path_lies_at_the_path_whatever_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a[b]", "c::d", "local:e", "file:f", "g#h", "*"):
        folder = Folder(name)
        folder.write("x/y.txt", "text")
        assert (tmp_path / name / "x" / "y.txt").read_text() == "text"
        assert (folder.read("x/y.txt"), folder.size("x/y.txt"), folder.names("x")) == ("text", 4, ["y.txt"])
        assert folder.address == str(tmp_path / name)
        folder.remove("x")
        assert folder.names() == [".synthlm"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "*",
        "a[b]",
        "c::d",
        "file:f",
        "g#h",
        "local:e",
    ]


@pytest.mark.parametrize(
    ("url", "fault"),
    [("nosuch://x", "nosuch"), ("memory://a*/b", "'*'"), ("memory://a[b]", "'['"), ("memory://a::b", "b")],
)
def test_a_url_that_fsspec_cannot_take_as_it_stands_is_refused(url: str, fault: str) -> None:
    with pytest.raises(FolderError) as refused:
        Folder(url)
    assert str(refused.value).startswith(f"output_dir={url!r}: ")
    assert fault in str(refused.value).removeprefix(f"output_dir={url!r}: ")


def test_a_folder_that_cannot_be_read_is_a_message(tmp_path: Path) -> None:
    (tmp_path / "metadata.json").mkdir()
    with pytest.raises(FolderError, match=r"cannot be read: .*metadata\.json': Is a directory"):
        Folder(str(tmp_path)).read("metadata.json")


# What is in the way


def test_a_fault_names_what_is_really_in_the_way(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.touch()
    link.symlink_to("gone")
    assert find_fault(file / "a" / "b", "new folder") == "Not a directory"
    assert find_fault(link, "new file") == "is a link to 'gone', which is not there"
    assert find_fault(link / "a", "new folder") == f"{str(link)!r} is a link to 'gone', which is not there"
    assert find_fault(tmp_path / "a" / "b", "new file") == f"there is no folder {str(tmp_path / 'a')!r}"
    assert find_fault(tmp_path / "a" / "b", "new folder") is None
    assert find_fault(Path("/dev/null"), "new file") is None


def test_a_folder_below_a_link_to_a_folder_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    make_folder(tmp_path / "link" / "a")
    assert (tmp_path / "real" / "a").is_dir()


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (OSError(errno.EROFS, "Read-only file system", "/a\nb"), "'/a\\nb': Read-only file system"),
        (OSError(errno.EXDEV, "Invalid link", "a", None, "b"), "'a' and 'b': Invalid link"),
        (OSError(errno.EIO, "Input/output error", 7), "Input/output error"),
        (OSError("lost\nit"), "lost it"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_an_error_is_one_line(error: OSError, line: str) -> None:
    assert describe_error(error) == line


# Files that appear together


def test_staged_files_appear_together_and_replace_those_before(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    for text in ("first", "second"):
        with stage_files(folder) as draft:
            (draft / "a").write_text(text)
            (draft / "b").write_text(text)
        assert {path.name: path.read_text() for path in folder.iterdir()} == {"a": text, "b": text}


def write_and_stop(folder: Path) -> None:
    with stage_files(folder) as draft:
        (draft / "a").write_text("half")
        raise KeyboardInterrupt


def write_two(folder: Path) -> None:
    with stage_files(folder) as draft:
        (draft / "a").write_text("after")
        (draft / "b").write_text("after")


def test_nothing_is_left_of_work_that_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_and_stop(tmp_path / "new" / "folder")
    assert list(tmp_path.iterdir()) == []


def test_no_file_is_replaced_where_one_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("before")
    (tmp_path / "b").mkdir()
    with pytest.raises(PathError, match="b': is a folder, not a file"):
        write_two(tmp_path)
    assert (tmp_path / "a").read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_a_link_among_the_files_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("mine")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a").symlink_to(tmp_path / "elsewhere")
    with stage_files(tmp_path / "out") as draft:
        (draft / "a").write_text("ours")
    assert (tmp_path / "elsewhere").read_text() == "mine"
    assert (tmp_path / "out" / "a").read_text() == "ours"


# Locks


@pytest.mark.parametrize(
    "number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EBADF], ids=errno.errorcode.get
)
def test_without_locks_work_goes_on_told(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "fcntl", without_locks(number))
    with pytest.warns(UnlockedWarning, match="has no locks") as told, Folder(str(tmp_path)).locked():
        pass
    assert os.strerror(number) in str(told[0].message)
    with pytest.warns(UnlockedWarning, match="has no locks"), Lock(tmp_path):
        pass


def test_a_lock_that_fails_otherwise_is_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "fcntl", without_locks(errno.EIO))
    with pytest.raises(OSError, match="Input/output"), Lock(tmp_path):
        pass


def test_where_there_are_locks_they_hold(tmp_path: Path) -> None:
    with Lock(tmp_path), pytest.raises(DirectoryBusyError):
        Lock(tmp_path)
    again = Folder(str(tmp_path)).locked()
    with Folder(str(tmp_path)).locked(), pytest.raises(FolderError, match="another process"), again:
        pass


# Certificates


def test_certificates_are_blamed_only_for_what_is_due_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/cert.pem")
    missing = FileNotFoundError(2, "No such file or directory")
    assert "SSL_CERT_FILE='/nowhere/cert.pem'" in str(find_missing_certificates(missing))
    assert find_missing_certificates(ConnectionError("refused")) is None
    monkeypatch.setenv("SSL_CERT_FILE", __file__)
    assert find_missing_certificates(missing) is None
