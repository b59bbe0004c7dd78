"""der: keep what the model said, and say it again."""

from torch import Tensor

from workbench.engine.blocks.retention.rehearsal import DarkRehearsal, DarkSettings
from workbench.engine.update.step import Step
from workbench.spec.settings import setting


class DER(DarkRehearsal):
    """Keeps examples with the outputs the model gave when it learned them, and holds it to those.

    L(batch) + α E‖z − f(x)‖² over a reservoir of examples x with their outputs z (Buzzega et al.,
    NeurIPS 2020). As in the authors' code the square is the mean over outputs, so that α has the
    size of the published tables. Examples enter at every step, with the outputs that the network
    gives on its way, which is what the paper's name means and needs no stages. With many passes
    over few examples most of those outputs are of a network that has yet to learn: there `stage`
    has examples enter when their stage ends, with the outputs of the network that has learned them.
    """

    key = "der"
    title = "Dark experience replay"
    formula = "L = L(batch) + α E‖z − f(x)‖² over the memory"
    paper = "Buzzega et al., Dark experience for general continual learning, NeurIPS 2020"
    link = "https://arxiv.org/abs/2004.07211"
    helps = "One head for all classes, with a small memory."
    needs = ("stages", "single-update")

    class Settings(DarkSettings):
        """Size and use of the memory."""

        batch_size: int = setting(
            32, "Examples drawn for each batch.", ge=1, le=1_000_000, unit="examples"
        )
        strength: float = setting(1.0, "α: how hard outputs are held.", ge=0, le=1e6)

    def penalty(self, step: Step) -> Tensor | None:
        drawn = self.memory.draw(self.settings.batch_size)
        if drawn is None:
            return None
        return drawn.distance(step.on(drawn.batch), self.settings.strength)
