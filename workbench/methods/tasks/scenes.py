"""scenes: pictures of lit 3-D shapes, with what, how far and which way at each pixel."""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from workbench.engine.roles.task import (
    Family,
    Image,
    Part,
    PixelClasses,
    PixelDirections,
    PixelValues,
    Task,
)
from workbench.spec.settings import Settings, setting

NAMES = ("background", "ball", "box", "cylinder")
#: Distance of the camera from the middle of the scene, and the ambient share of the light.
CAMERA, AMBIENT = 3.0, 0.25
#: Where the light comes from, if it is fixed.
LIGHT = (0.5, 0.7, 1.0)
_FAR = 1e6


@dataclass(frozen=True, slots=True)
class Hits:
    """Where rays along −z from z = 0 first meet something.

    `t` [N, H, W] below, `_FAR` if never; `normal` [N, 3, H, W] of length 1, towards the camera.
    """

    t: Tensor
    normal: Tensor


class Scenes(Family):
    """Drawn pictures of balls, boxes and cylinders: which, how far, and facing where, by pixel.

    The field's usual dense set-up with exact answers. Bright shapes of random place, size, turn
    and colour float before a dark, tilted wall, seen along the z axis without perspective and lit
    from one direction (Lambert, with a quarter of ambient light). Depth is the distance from the
    camera's plane, normals point towards the camera; x is to the right, y up.
    """

    key = "scenes"
    title = "Scenes"
    group = "scenes"
    helps = "Segmentation, depth and normals of one picture; with a CNN."
    gives = ("pictures",)
    is_judged_built = False

    class Settings(Settings):
        """Size and number of the pictures."""

        size: Literal[16, 32, 64] = setting(32, "Side of a picture.", unit="px")
        samples: int = setting(
            320, "Training pictures; validation has a quarter, test half as many.", ge=8, le=5_000
        )
        n_shapes: int = setting(2, "Shapes in each picture.", ge=1, le=8, title="Shapes")
        light: Literal["fixed", "random"] = setting(
            "fixed", "From the upper right in every picture, or from anywhere before the scene."
        )
        noise: float = setting(
            0.02, "Standard deviation of the pixels' noise, where white is 1.", ge=0, le=1
        )
        data_seed: int = setting(0, "Which draw of the scenes.", ge=0, le=2**31 - 1)

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return ("segmentation", "depth", "normals")

    @property
    def n_bytes(self) -> int:
        settings = self.settings
        n_pictures = settings.samples + settings.samples // 4 + settings.samples // 2
        return 36 * n_pictures * settings.size**2

    def tasks(self) -> list[Task]:
        settings, size = self.settings, self.settings.size
        generator = torch.Generator().manual_seed(settings.data_seed)
        sizes = {
            "train": settings.samples,
            "val": settings.samples // 4,
            "test": settings.samples // 2,
        }
        data: dict[str, dict[str, Part]] = {name: {} for name in self.task_names()}
        for split, n in sizes.items():
            picture, *answers = self._drawn(n, generator)
            inputs = {"picture": picture}
            for name, answer in zip(data, answers, strict=True):
                data[name][split] = Part(inputs, answer)
        kind, (what, far, facing) = {"picture": Image(3, size, size)}, data.values()
        classes, values = PixelClasses(len(NAMES), size, size), PixelValues(1, size, size)
        return [
            Task(
                "segmentation", kind, classes, what, "mean-iou", ("pixel-accuracy",), answers=NAMES
            ),
            Task("depth", kind, values, far, "mae", ("relative-error",)),
            Task("normals", kind, PixelDirections(size, size), facing, "angular-error"),
        ]

    def _drawn(self, n: int, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Pictures [N, 3, H, W], classes [N, H, W], depth [N, 1, H, W], normals [N, 3, H, W]."""

        def uniform(low: float, high: float, *shape: int) -> Tensor:
            return low + (high - low) * torch.rand(n, *shape, generator=generator)

        x, y = rays(self.settings.size)
        scene = Scene(wall(x, y, uniform(-0.3, 0.3, 2), -1.0), uniform(0.3, 0.4, 3))
        for _ in range(self.settings.n_shapes):
            centre = torch.cat([uniform(-0.75, 0.75, 2), uniform(-0.4, 0.6, 1)], 1)
            half, turn, tint = uniform(0.35, 0.6, 3), _turns(uniform(-1, 1, 4)), uniform(0.6, 1, 3)
            kind = torch.randint(1, len(NAMES), (n,), generator=generator)
            for i, shape in enumerate((ball, box, cylinder), 1):
                mine = (kind == i).nonzero().squeeze(1)
                scene.add(i, mine, shape(x, y, centre[mine], half[mine], turn[mine]), tint[mine])
        light = torch.tensor(LIGHT).expand(n, 3)
        if self.settings.light == "random":
            light = torch.cat([uniform(-1, 1, 2), uniform(0.5, 1.5, 1)], 1)
        picture = lit(scene.colour, scene.normal, light)
        picture += self.settings.noise * torch.randn(picture.shape, generator=generator)
        return picture, scene.classes, CAMERA + scene.t.unsqueeze(1), scene.normal


class Scene:
    """What is seen so far of N pictures; nearer things hide those behind."""

    def __init__(self, background: Hits, colour: Tensor) -> None:
        self.t, self.normal = background.t.clone(), background.normal.clone()
        self.classes = torch.zeros_like(self.t, dtype=torch.int64)
        self.colour = colour[:, :, None, None].expand_as(self.normal).clone()

    def add(self, kind: int, mine: Tensor, hits: Hits, colour: Tensor) -> None:
        """Put a thing into each of the pictures `mine` [M], with colours [M, 3]."""
        is_seen = hits.t < self.t[mine]
        on, colour = is_seen.unsqueeze(1), colour[:, :, None, None]
        self.t[mine] = torch.where(is_seen, hits.t, self.t[mine])
        self.normal[mine] = torch.where(on, hits.normal, self.normal[mine])
        self.classes[mine] = torch.where(is_seen, kind, self.classes[mine])
        self.colour[mine] = torch.where(on, colour, self.colour[mine])


def rays(size: int) -> tuple[Tensor, Tensor]:
    """Where the rays of the pixels' middles are: x [1, H, W] from −1 to 1, y likewise upwards."""
    middles = (torch.arange(size) + 0.5) / size * 2 - 1
    y, x = torch.meshgrid(-middles, middles, indexing="ij")
    return x.unsqueeze(0), y.unsqueeze(0)


def wall(x: Tensor, y: Tensor, tilt: Tensor, height: float) -> Hits:
    """The plane z = tilt·(x, y) + height, for tilts [N, 2]."""
    a, b = tilt[:, 0, None, None], tilt[:, 1, None, None]
    z = a * x + b * y + height
    normal = torch.stack([-a, -b, torch.ones_like(a)], 1).expand(-1, -1, *x.shape[1:])
    return Hits(-z, normal / normal.norm(dim=1, keepdim=True))


def ball(x: Tensor, y: Tensor, centre: Tensor, half: Tensor, turn: Tensor) -> Hits:
    """Balls with centres [N, 3]; the first of `half` [N, 3] is the radius."""
    del turn
    cx, cy, cz = centre[:, :, None, None].unbind(1)
    r = half[:, 0, None, None]
    dx, dy = x - cx, y - cy
    under = r.square() - dx.square() - dy.square()
    dz = under.clamp(min=0).sqrt()
    return Hits(torch.where(under > 0, -(cz + dz), _FAR), torch.stack([dx, dy, dz], 1) / r[:, None])


def box(x: Tensor, y: Tensor, centre: Tensor, half: Tensor, turn: Tensor) -> Hits:
    """Boxes with half sides [N, 3], turned by rotations [N, 3, 3]."""
    origin, direction = _local(x, y, centre, turn)
    near, far = _slab(origin, direction, half[:, :, None, None])
    t, side = near.max(1)
    sign = -direction.sign()
    faces = turn[:, :, :, None, None] * sign.unsqueeze(1)
    chosen = side[:, None, None].expand(-1, 3, 1, -1, -1)
    normal = faces.expand(-1, -1, -1, *t.shape[1:]).gather(2, chosen).squeeze(2)
    return Hits(torch.where(t < far.amin(1), t, _FAR), normal)


def cylinder(x: Tensor, y: Tensor, centre: Tensor, half: Tensor, turn: Tensor) -> Hits:
    """Cylinders about the z axis, turned by [N, 3, 3]; `half` is radius, half length, unused."""
    origin, direction = _local(x, y, centre, turn)
    near_cap, far_cap = _slab(origin[:, 2:], direction[:, 2:], half[:, 1, None, None, None])
    near_cap, far_cap = near_cap[:, 0], far_cap[:, 0]
    ox, oy, dx, dy = origin[:, 0], origin[:, 1], direction[:, 0], direction[:, 1]
    a, b = (dx.square() + dy.square()).clamp(min=1e-12), ox * dx + oy * dy
    c = ox.square() + oy.square() - half[:, 0, None, None].square()
    under = b.square() - a * c
    root = under.clamp(min=0).sqrt()
    near_side, far_side = (-b - root) / a, (-b + root) / a
    t = torch.maximum(near_cap, near_side)
    is_hit = (under > 0) & (t < torch.minimum(far_cap, far_side))
    round_ = torch.stack([ox + t * dx, oy + t * dy, torch.zeros_like(t)], 1)
    flat = torch.zeros_like(round_)
    flat[:, 2] = -direction[:, 2].sign()
    local = torch.where((near_cap > near_side).unsqueeze(1), flat, round_)
    local = local / local.norm(dim=1, keepdim=True).clamp(min=1e-12)
    return Hits(torch.where(is_hit, t, _FAR), torch.einsum("nij,njhw->nihw", turn, local))


def lit(colour: Tensor, normal: Tensor, light: Tensor) -> Tensor:
    """Colours [N, 3, H, W] under light from the directions [N, 3], of any length."""
    light = (light / light.norm(dim=1, keepdim=True))[:, :, None, None]
    bright = (normal * light).sum(1, keepdim=True).clamp(min=0)
    return colour * (AMBIENT + (1 - AMBIENT) * bright)


def _local(x: Tensor, y: Tensor, centre: Tensor, turn: Tensor) -> tuple[Tensor, Tensor]:
    """Rays from z = 0 along −z as the turned shape sees them: origins and directions, [N, 3, …]."""
    places = torch.stack([x, y, torch.zeros_like(x)], 1) - centre[:, :, None, None]
    return torch.einsum("nji,njhw->nihw", turn, places), -turn[:, 2, :, None, None]


def _slab(origin: Tensor, direction: Tensor, half: Tensor) -> tuple[Tensor, Tensor]:
    """When a ray enters and leaves the space between −half and half, for each axis."""
    steep = torch.where(direction.abs() < 1e-9, 1e-9, direction)
    one, two = (-half - origin) / steep, (half - origin) / steep
    return torch.minimum(one, two), torch.maximum(one, two)


def _turns(drawn: Tensor) -> Tensor:
    """Rotations [N, 3, 3] from four numbers each: quaternions of any length but 0."""
    w, x, y, z = (drawn / drawn.norm(dim=1, keepdim=True).clamp(min=1e-9)).unbind(1)
    rows = (
        (1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)),
        (2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)),
        (2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)),
    )
    return torch.stack([torch.stack(row, 1) for row in rows], 1)
