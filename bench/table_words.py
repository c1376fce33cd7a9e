"""What the tables of bench/fidelity and bench/ahead say of sizes, spreads and the machine."""

import os
import platform
import statistics

KI, MI = 1 << 10, 1 << 20


def size_text(size):
    return f"{size // MI} MiB" if size % MI == 0 else f"{size // KI} KiB" if size % KI == 0 else f"{size} B"


def spread(values, digits=2):
    """Median [least .. greatest]; nothing of no values."""
    if not values:
        return ""
    return f"{statistics.median(values):.{digits}f} [{min(values):.{digits}f} .. {max(values):.{digits}f}]"


def machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8")
                  if line.startswith("model name")), platform.machine())
    return (f"{model}, {len(os.sched_getaffinity(0))} cores, Linux {platform.release()}, "
            f"load {os.getloadavg()[0]:.2f} at the start")
