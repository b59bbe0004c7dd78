"""mtl-then-tune: learn all tasks jointly, then take the same inner steps."""

from torch import Tensor
from torch.func import vmap

from workbench.engine.blocks.learners.adaptive import Adaptive, InnerSettings
from workbench.engine.blocks.learners.episodes import Group
from workbench.engine.roles.episodes import rows_of
from workbench.engine.roles.sharing import Sharing
from workbench.spec.settings import setting


class JointThenTune(Adaptive):
    """Joint training on all rows of all tasks, then inner steps when a task is judged: the foil.

    It is given what the others are given and adapts as they do, and is not trained for it: what a
    meta-learner gains over it is what learning to adapt is worth.
    """

    key = "mtl-then-tune"
    title = "Joint, then tuned"
    formula = "θ ← θ − β∇ Σᵢ Lᵢ(θ);  φᵢ = θ − α∇Lᵢ(θ) when asked"
    helps = "To see what a meta-learner is worth: the usual way, pre-training and fine-tuning."

    class Settings(InnerSettings):
        """Settings of the inner steps when a task is judged."""

        inner_steps: int = setting(
            1, "Not used in training, which takes none.", ge=1, le=100, title="Inner steps"
        )

    @property
    def is_first_order(self) -> bool:
        return True

    @property
    def inner_steps(self) -> int:
        return 0

    def query_losses(self, model: Sharing, group: Group) -> Tensor:
        rows = rows_of(group.rows)
        outputs = model({group.task: rows})[group.task].unflatten(0, (len(group), -1))
        return vmap(self.tasks[group.task].loss)(outputs, group.rows.target)
