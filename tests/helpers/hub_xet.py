"""Reads files out of hf_xet's store in a local folder, as the Hub does from the real one."""

import shutil
import struct
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import hf_xet
from hub_repos import Blob, Refused

_RECORD = 48  # header, entries and footer of a shard's file list all have this size
_HEADER = _RECORD
_VERIFIED, _HAS_SHA = 0x8000_0000, 0x4000_0000
_END = b"\xff" * 32


def xet_blob(store: Path, sha256: str, size: int) -> Blob:
    """The file of this SHA-256 that was uploaded into the store."""
    for shard in (store / "xet" / "xorbs" / "shards").glob("*.mdb"):
        for xet_hash, sha in _files(shard.read_bytes()):
            if sha == sha256:
                return Blob(_content(store, xet_hash, size), large=True, xet=xet_hash)
    raise Refused(400, f"{sha256}: not uploaded")


def _files(shard: bytes) -> Iterator[tuple[str, str]]:
    """The xet hash and the SHA-256 of every file that a shard describes."""
    at = _HEADER
    while (xet_hash := shard[at : at + 32]) != _END:
        flags, entries = struct.unpack_from("<II", shard, at + 32)
        at += _RECORD * (1 + entries * (2 if flags & _VERIFIED else 1))
        if flags & _HAS_SHA:
            yield _hex(xet_hash), _hex(shard[at : at + 32])
            at += _RECORD


def _hex(hash_: bytes) -> str:
    return "".join(f"{word:016x}" for word in struct.unpack("<4Q", hash_))


def _content(store: Path, xet_hash: str, size: int) -> bytes:
    # From a copy: whoever uploads still holds the lock on the index.
    with tempfile.TemporaryDirectory() as folder:
        copy, content = Path(folder) / "store", Path(folder) / "content"
        shutil.copytree(store / "xet" / "xorbs", copy / "xet" / "xorbs")
        expiry = int(time.time()) + 3600
        session = hf_xet.XetSession()
        with session.new_file_download_group(
            endpoint=f"local://{copy}", token="xet", token_expiry_unix_secs=expiry
        ) as group:
            group.start_download_file(hf_xet.XetFileInfo(xet_hash, size), str(content))
        return content.read_bytes()
