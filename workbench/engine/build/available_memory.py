"""Room: how much memory there is."""

from pathlib import Path

import torch

#: Where Linux tells the limit of a group of processes, of its second and its first version.
_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def room(device: torch.device) -> int:
    """Bytes of memory of a device, whoever uses them now."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[1]
    return machine()


def machine() -> int:
    """Bytes of memory of this machine, or of the container that this process is in."""
    import psutil  # needed by few runs

    limits = [psutil.virtual_memory().total]
    for name in _LIMITS:
        try:
            text = Path(name).read_text().strip()
        except OSError:
            continue
        if text.isdecimal():
            limits.append(int(text))
    return min(limits)


def free(device: torch.device) -> int:
    """Bytes of memory of a device that nobody uses now."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    import psutil

    return min(machine(), psutil.virtual_memory().available)
