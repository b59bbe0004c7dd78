"""Read ahead: the inputs of the next batches, fetched by a thread while these are learned from."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import torch
from torch import Tensor

from workbench.engine.roles.rows.on_demand import reads_files, rows_at


class ReadAhead:
    """Gives inputs [N, …] by view at positions; of those in a file reads the following as well.

    What was read ahead and is not what is asked for next is left, so nothing depends on it.
    """

    def __init__(self, inputs: Mapping[str, Tensor]) -> None:
        self.inputs = inputs
        self.reads_files = any(reads_files(values) for values in inputs.values())
        self._ahead: tuple[Tensor, Future[dict[str, Tensor]]] | None = None

    def at(self, positions: Tensor, following: Tensor) -> dict[str, Tensor]:
        """The inputs at these positions [n], by view; `following` [m] are asked for next."""
        ahead, self._ahead = self._ahead, None
        made: dict[str, Tensor] | None = None
        if ahead is not None:
            read = ahead[1].result()
            made = read if torch.equal(ahead[0], positions) else None
        if made is None:
            made = self._read(positions)
        if self.reads_files and len(following):
            # A thread for each piece: none is left when a run is, however it ends.
            with_one_thread = ThreadPoolExecutor(1, "read ahead")
            self._ahead = following, with_one_thread.submit(self._read, following)
            with_one_thread.shutdown(wait=False)
        return made

    def _read(self, positions: Tensor) -> dict[str, Tensor]:
        return {view: rows_at(values, positions) for view, values in self.inputs.items()}
