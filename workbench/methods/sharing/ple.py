"""ple: shared and own experts, level by level."""

from collections.abc import Sequence
from typing import Any

from workbench.engine.blocks.sharing.extraction_model import ExtractionModel
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.task import Task
from workbench.spec.settings import Settings, setting


class PLE(ExtractionModel):
    """Shared experts and experts of each task's own, mixed anew at every level.

    Progressive layered extraction (Tang et al. 2020). An expert of a level is a part of the
    encoder's stages. Each task's gate mixes its own and the shared experts; a gate of the shared
    stream mixes all of them, so that experts are only truly a task's own at the last level. The
    first gates read the input, later ones the stream they continue. Gates start even.
    """

    key = "ple"
    title = "PLE"
    formula = "hₜˡ = Σₑ gₜˡ(hₜˡ⁻¹)ₑ fₑˡ(hˡ⁻¹),  e over the shared experts and task t's own"
    paper = "Tang et al., Progressive layered extraction (PLE), RecSys 2020"
    link = "https://doi.org/10.1145/3383313.3412236"
    helps = "Tasks that hurt each other in a deeper encoder: sharing fades from level to level."

    class Settings(Settings):
        """How many levels and experts."""

        levels: int = setting(
            2,
            "Levels of experts; an encoder with fewer stages has a level for each.",
            ge=1,
            le=64,
        )
        shared_experts: int = setting(
            1, "Experts a level that every task uses; 0: the tasks are separate.", ge=0, le=64
        )
        own_experts: int = setting(1, "Experts a level of each task's own.", ge=1, le=64)

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder, settings.levels)
