"""Which processor computes: speeds depend on it, and so does how sums are rounded."""

import platform
from contextlib import suppress
from pathlib import Path


def processor_name() -> str:
    """Name this machine's CPU, e.g. "Intel(R) Xeon(R) Processor"; its architecture where nothing names it."""
    with suppress(OSError):  # Linux alone has the file, where `platform` knows no name
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
