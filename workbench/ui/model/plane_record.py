"""PlaneRecord: the planes of a run and what its model answered on them, by step (Qt-free)."""

from dataclasses import dataclass

from workbench.spec.event import Mapped, Plotted
from workbench.spec.shown.plane import Map, Plane

#: Timed maps that are kept; when there are more, every second one of them is let go.
_MOST_TIMED = 240


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """The maps after `step` steps, in or after `stage` (−1: before training)."""

    step: int
    stage: int
    is_timed: bool
    maps: dict[str, Map]


class PlaneRecord:
    """Moments in the order of steps; those of stage ends are all kept."""

    def __init__(self) -> None:
        self.planes: tuple[Plane, ...] = ()
        self.moments: list[Moment] = []

    def add(self, event: Plotted | Mapped) -> None:
        """Take in what was told; a resumed run tells again what came after its checkpoint."""
        if isinstance(event, Plotted):
            self.planes = event.planes
            return
        moments = self.moments
        while moments and (
            moments[-1].step > event.step
            or (moments[-1].step == event.step and moments[-1].is_timed)
        ):
            moments.pop()
        maps = {task_map.task: task_map for task_map in event.maps}
        moments.append(Moment(event.step, event.stage, event.is_timed, maps))
        timed = [moment for moment in moments if moment.is_timed]
        if len(timed) > _MOST_TIMED:
            dropped = {id(moment) for moment in timed[1:-1:2]}
            self.moments = [moment for moment in moments if id(moment) not in dropped]
