"""Device: where the tensors of a run are."""

import torch

from workbench.engine.roles.method import BadSpecError
from workbench.spec.experiment import Spec


def device_of(spec: Spec) -> torch.device:
    """Where the tensors of a run are. Raises BadSpecError where this machine has no such device."""
    name = spec.device
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    kind, _, number = name.partition(":")
    if kind == "cuda" and not torch.cuda.is_available():
        raise BadSpecError("device", f"'{name}' was asked for, but no CUDA device is available")
    if number and int(number) >= torch.cuda.device_count():
        available = f"there are {torch.cuda.device_count()} CUDA devices, from cuda:0"
        raise BadSpecError("device", f"'{name}' was asked for, but {available}")
    device = torch.device(name)
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise BadSpecError("device", "'mps' was asked for, but it is not available here")
    return device
