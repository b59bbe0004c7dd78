"""Resources: what a run takes of the machine of a cluster that it goes on on."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

FORM = "cpu=2,gpu=1,memory=4GB"

_DECIMAL = {"": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_UNITS = _DECIMAL | {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}


@dataclass(frozen=True, slots=True)
class Resources:
    """Processors, graphics processors and bytes of memory that are set aside for each run.

    `gpu` is None for one where the setup asks for it, and none where it does not; a part of one
    lets several runs share it. `memory` is 0 where nobody counts it.
    """

    cpu: float = 1.0
    gpu: float | None = None
    memory: int = 0

    @property
    def words(self) -> str:
        """As they are asked for."""
        parts = [f"cpu={self.cpu:g}"]
        parts += [f"gpu={self.gpu:g}"] if self.gpu is not None else []
        parts += [f"memory={self.memory / 10**9:g}GB"] if self.memory else []
        return ",".join(parts)

    def n_gpus(self, device: str) -> float:
        """Graphics processors of a run whose setup asks for this device."""
        return self.gpu if self.gpu is not None else float(device.startswith("cuda"))

    def n_in(self, machine: Mapping[str, float]) -> int:
        """How many runs go on at once on a machine that has so much `CPU`, `GPU` and `memory`."""
        wanted = {"CPU": self.cpu, "GPU": self.gpu or 0.0, "memory": float(self.memory)}
        parts = [machine.get(name, 0.0) / amount for name, amount in wanted.items() if amount]
        return math.floor(min(parts) + 1e-9)


def resources_of(text: str) -> Resources:
    """Resources as they are asked for: `cpu=2,gpu=1,memory=4GB`. Raises ValueError."""
    values: dict[str, float] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, equals, value = (side.strip() for side in part.partition("="))
        if not equals or name not in ("cpu", "gpu", "memory") or name in values:
            raise ValueError(f"wants {FORM}, each once at most; found '{part}'")
        values[name] = _bytes(value) if name == "memory" else _processors(name, value)
    return Resources(values.get("cpu", 1.0), values.get("gpu"), int(values.get("memory", 0)))


def _processors(name: str, text: str) -> float:
    """A whole number, or a part of one."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    is_whole = value.is_integer() if math.isfinite(value) else False
    if not (is_whole or 0 < value < 1) or value < (1 if name == "cpu" and is_whole else 0):
        least = "1 or more" if name == "cpu" else "0 or more"
        raise ValueError(f"{name} wants a whole number, {least}, or a part of one; found '{text}'")
    return value


def _bytes(text: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)", text)
    if match is None or match[2] not in _UNITS:
        raise ValueError(f"memory wants a number and MB, GB, MiB or GiB; found '{text}'")
    return float(match[1]) * _UNITS[match[2]]
