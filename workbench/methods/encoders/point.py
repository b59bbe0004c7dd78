"""point: no network at all; the parameters are a point."""

import torch
from torch import Tensor, nn

from workbench.engine.roles.encoder import Encoder, ShownStage
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import InputKind, Point
from workbench.spec.event import Table
from workbench.spec.settings import Settings, setting


class Place(ShownStage):
    """A point that is learned: the same features [B, n] whatever comes in."""

    def __init__(self, start: Tensor) -> None:
        super().__init__()
        self.point = nn.Parameter(start)

    def forward(self, values: Tensor) -> Tensor:
        """The point [B, n], once for each of the values [B]."""
        return self.point.expand(len(values), -1)

    def table(self) -> Table:
        """Where it is: one row, a column a coordinate."""
        values = self.point.detach()[None].float().cpu().numpy().copy()
        columns = tuple(f"x{i}" for i in range(1, values.shape[1] + 1))
        return Table("point", ("θ",), columns, values)


class PointEncoder(Encoder):
    """A point whose coordinates are the only parameters, for tasks that are functions of it.

    One stage. With hard sharing the tasks pull at one point; apart, each has a point of its own.
    """

    key = "point"
    title = "A point"
    formula = "h = θ"
    helps = "Landscapes, where the path of an update can be followed by eye."
    needs = ("no-input",)
    gives = ("point",)
    judged = ("coordinates",)

    class Settings(Settings):
        """Size of the point."""

        coordinates: int = setting(2, "Coordinates of the point, as its tasks say.", ge=1, le=1000)

    @property
    def width(self) -> int:
        return self.settings.coordinates

    def stem(self, kind: InputKind) -> nn.Module:
        if not isinstance(kind, Point):
            name = type(kind).__name__.lower()
            raise BadSpecError("encoder.kind", f"point is for tasks without input; found {name}")
        if kind.n != self.width:
            message = f"must be {kind.n}, as the tasks say; found {self.width}"
            raise BadSpecError("encoder.coordinates", message)
        return Place(torch.tensor(kind.start or (0.0,) * kind.n))

    def body(self) -> list[nn.Module]:
        return []
