"""The most memory that this process has held."""

from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_megabytes() -> float:
    """As Linux counts it since the program began. What getrusage says is inherited from the parent, however large that
    was, so a small worker of a large bench would be called large."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024
