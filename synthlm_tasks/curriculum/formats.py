"""File formats: tables in, bytes out."""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from synthlm_tasks.curriculum.layout import Format
from synthlm_tasks.curriculum.storage import Sink
from synthlm_tasks.rows.tables import SCHEMA
from synthlm_tasks.rows.text import Strings

# Rows of a Parquet row group: what a viewer or a stream reads at a time.
GROUP_ROWS: Final = 20_000

# Equal rows in two files give equal chunks of bytes, which the Hub stores once (pyarrow 21 and newer).
_CHUNKED = "use_content_defined_chunking"
PARQUET_OPTIONS: Final[dict[str, Any]] = {
    "compression": "zstd",
    **({_CHUNKED: True} if _CHUNKED in inspect.signature(pq.ParquetWriter).parameters else {}),
}


class Writer(Protocol):
    """Writes tables of up to `GROUP_ROWS` rows, one after another."""

    def write_table(self, rows: pa.Table) -> None:
        """Append rows."""


@contextmanager
def open_writer(file_format: Format, sink: Sink, schema: pa.Schema = SCHEMA) -> Iterator[Writer]:
    """A writer of tables of `schema` into `sink`; the file is whole when this ends without an error."""
    if file_format == "jsonl":
        yield _Lines(sink)
        return
    writer = pq.ParquetWriter(sink, schema, **PARQUET_OPTIONS)
    yield writer
    writer.close()


class _Lines:
    """JSON lines, put together column by column."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def write_table(self, rows: pa.Table) -> None:
        pieces: list[object] = []
        for number, (name, column) in enumerate(zip(rows.column_names, rows.columns, strict=True)):
            text = pa.types.is_string(column.type)
            quote = '"' if text else ""
            pieces += [f'{", " if number else "{"}"{name}": {quote}', _escape(column) if text else column]
            pieces.append(quote)
        cells = [piece.cast(pa.string()) if isinstance(piece, pa.ChunkedArray) else piece for piece in pieces]
        lines = pc.binary_join_element_wise(*cells, "}\n", "")
        for chunk in lines.chunks:
            self._sink.write(_content(chunk))


def _escape(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The texts as they stand inside a JSON string; of control characters they have line ends and tabs."""
    for raw, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        if pc.any(pc.match_substring(column, raw)).as_py():
            column = pc.replace_substring(column, raw, escaped)
    return column


def _content(lines: Strings) -> bytes:
    """The bytes of all strings, one after another."""
    _, offsets, data = lines.buffers()
    ends = memoryview(offsets).cast("i")[lines.offset : lines.offset + len(lines) + 1]
    return bytes(memoryview(data)[ends[0] : ends[-1]])
