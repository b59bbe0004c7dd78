"""cgc: experts for all and experts of one's own."""

from workbench.engine.blocks.sharing.extraction_model import ExtractionModel
from workbench.spec.settings import Settings, setting


class CGC(ExtractionModel):
    """Shared experts and experts of each task's own, mixed by a gate a task.

    Customized gate control, the one-level form of PLE (Tang et al. 2020); an expert is a whole
    encoder, and gates read the input. Gates start even.
    """

    key = "cgc"
    title = "CGC"
    formula = "ŷₜ = headₜ(Σₑ gₜ(x)ₑ fₑ(x)),  e over the shared experts and task t's own"
    paper = "Tang et al., Progressive layered extraction (PLE), RecSys 2020"
    link = "https://doi.org/10.1145/3383313.3412236"
    helps = "Tasks that share some of what they need, and disturb each other in the rest."

    class Settings(Settings):
        """How many experts."""

        shared_experts: int = setting(
            1, "Experts that every task uses; 0: the tasks are separate.", ge=0, le=64
        )
        own_experts: int = setting(1, "Experts of each task's own.", ge=1, le=64)
