"""Processor time of a process, from the kernel: what a piece of work costs whatever else the machine is doing."""

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid: int) -> float:
    """Of the user and of the system, since the process began."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK
