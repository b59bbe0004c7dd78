"""Extraction: experts of all tasks and of single ones, mixed by gates, level by level."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn

from workbench.engine.blocks.sharing.gates import gate_on, gate_on_features
from workbench.engine.blocks.sharing.level_gates import GateWeights, LevelGates
from workbench.engine.blocks.sharing.stage_shapes import channels_of
from workbench.engine.blocks.sharing.towers import Bank, Columns
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.owners import Owners
from workbench.engine.roles.report_tables import figures
from workbench.engine.roles.sharing import Heads
from workbench.engine.roles.structure_builder import StructureBuilder, join, sketch_columns
from workbench.engine.roles.task import Task
from workbench.spec.event import Table


class Extraction(nn.Module):
    """Features of each task from experts of its own and shared ones (Tang et al. 2020).

    An expert is a run of encoder stages; a level is a part of the stages, at least one each.
    Between levels each task's gate mixes its own and the shared experts, and a gate of the shared
    stream mixes all of them. So below the last level every task reaches every expert; those of the
    last are a task's own. Without shared experts there is no shared stream.
    """

    def __init__(
        self, tasks: Sequence[Task], encoder: Encoder, n_levels: int, n_shared: int, n_own: int
    ) -> None:
        super().__init__()
        self.n_tasks, self.n_shared, self.n_own = len(tasks), n_shared, n_own
        self.n_experts = self.n_tasks * n_own + n_shared
        homes = [task for task in tasks for _ in range(n_own)]
        self.columns = Columns(tasks, encoder, self.n_experts, homes)
        self.n_levels = min(n_levels, self.columns.n_stages)
        self._place = {task.name: i for i, task in enumerate(tasks)}
        kinds = list(dict.fromkeys(task.input for task in tasks))
        self._kind_of = [kinds.index(task.input) for task in tasks]
        # Where a level's stages end; the stem is stage 0.
        ends = [
            round((i + 1) * self.columns.n_stages / self.n_levels) for i in range(self.n_levels)
        ]
        starts = [1, *ends[:-1]]
        self._stages = [
            self.columns.later[a - 1 : b - 1] for a, b in zip(starts, ends, strict=True)
        ]
        self.first_gates = nn.ModuleList(
            self._gates(0, lambda n, kind=kind: gate_on(kind, n)) for kind in kinds
        )
        widths = [channels_of(shape) for shape in self.columns.shapes(kinds[0])]
        self.later_gates = nn.ModuleList(
            self._gates(level, lambda n, end=ends[level - 1]: gate_on_features(widths[end - 1], n))
            for level in range(1, self.n_levels)
        )

    def _gates(self, level: int, make: Callable[[int], nn.Module]) -> LevelGates:
        has_stream = level < self.n_levels - 1 and self.n_shared > 0
        own = [make(self.n_own + self.n_shared) for _ in range(self.n_tasks)]
        over_all = make(self.n_experts) if has_stream else None
        return LevelGates(own, over_all, self.n_own, on_input=level == 0)

    def _is_read_by_all(self, level: int) -> bool:
        """Whether what a task's experts give at this level reaches other tasks."""
        return level < self.n_levels - 1 and self.n_shared > 0

    def tell(self, owners: Owners) -> None:
        """Enter every parameter."""
        tasks = list(self._place)
        for level, stages in enumerate(self._stages):
            for stage in stages:
                self._divide(owners, stage, self._is_read_by_all(level), tasks)
        for kind, gates in enumerate(self.first_gates):
            users = [task for task in tasks if self._kind_of[self._place[task]] == kind]
            self._divide(owners, self.columns.stem(kind), self._is_read_by_all(0), users)
            self._tell_gates(owners, 0, gates, users)
        for level, gates in enumerate(self.later_gates, 1):
            self._tell_gates(owners, level, gates, tasks)

    def _tell_gates(self, owners: Owners, level: int, gates: nn.Module, users: list[str]) -> None:
        level_gates = cast("LevelGates", gates)
        is_shared = self._is_read_by_all(level + 1)
        for task, gate in zip(self._place, level_gates.own.copies, strict=True):
            if is_shared:
                owners.divide(gate, users)
            else:
                owners.give(task, gate)
        if level_gates.over_all is not None:
            owners.divide(level_gates.over_all, users)

    def _divide(self, owners: Owners, stage: Bank, is_shared: bool, users: list[str]) -> None:
        n_private = self.n_tasks * self.n_own
        for i, expert in enumerate(stage.copies):
            if i >= n_private or is_shared:
                owners.divide(expert, users)
            else:
                owners.give(list(self._place)[i // self.n_own], expert)

    def forward(self, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Features [B, width] by task."""
        groups: dict[int, list[str]] = {}
        for task, values in inputs.items():
            groups.setdefault(id(values), []).append(task)
        by_task: dict[str, Tensor] = {}
        for group in groups.values():
            features = self._features([self._place[task] for task in group], inputs[group[0]])
            by_task.update(zip(group, features.unbind(), strict=True))
        return {task: by_task[task] for task in inputs}

    def _features(
        self, mine: list[int], values: Tensor, gate_weights: list[GateWeights] | None = None
    ) -> Tensor:
        """Features [A, B, width] of the A tasks at places `mine`, which share an input [B, …].

        What each level's gates gave is added to `gate_weights`, where it is given.
        """
        kind = self._kind_of[mine[0]]
        x, streams, gates = values, values, cast("LevelGates", self.first_gates[kind])
        every = list(range(self.n_tasks))
        for level, stages in enumerate(self._stages):
            # Experts of other tasks are only run where the shared stream reads them.
            tasks = every if self._is_read_by_all(level) else mine
            experts = [task * self.n_own + i for task in tasks for i in range(self.n_own)]
            experts += range(self.n_tasks * self.n_own, self.n_experts)
            if level == 0:
                x = self.columns.stem(kind).fan(values, experts)
            else:
                gates = cast("LevelGates", self.later_gates[level - 1])
                n_before = len(tasks)
                read = [i for i in range(n_before) for _ in range(self.n_own)]
                read += [n_before] * self.n_shared
                x = streams if read == list(range(len(streams))) else streams[read]
            for stage in stages:
                x = cast("Tensor", stage(x, experts))
            tasks_read = every if self._is_read_by_all(level + 1) else mine
            places = list(range(len(tasks))) if tasks_read == tasks else tasks_read
            streams = gates.mixed(streams, x, len(tasks), tasks_read, places, gate_weights)
        return streams

    def report(self, inputs: Mapping[str, Tensor]) -> list[Table]:
        """Mean weight of each expert in each gate, a table a level; NaN: not in that gate."""
        streams, experts = [*self._place, "shared stream"], self.expert_names()
        wide = torch.full((self.n_levels, len(streams), len(experts)), torch.nan)
        over_all: list[list[Tensor]] = [[] for _ in range(self.n_levels)]
        for task, values in inputs.items():
            by_level: list[GateWeights] = []
            self._features([self._place[task]], values, by_level)
            for level, gates in enumerate(by_level):
                place = self._place[task]
                wide[level, place, self._seen_by(place)] = gates.own[gates.tasks.index(place)].cpu()
                if gates.over_all is not None:
                    over_all[level].append(gates.over_all.cpu())
        for level, weights in enumerate(over_all):
            if weights:
                wide[level, -1] = torch.stack(weights).mean(0)
        sizes = [len(streams) if weights else len(streams) - 1 for weights in over_all]
        return [
            figures(self.table(level), streams[:size], experts, wide[level, :size])
            for level, size in enumerate(sizes)
        ]

    def expert_names(self) -> list[str]:
        """Names of the experts: the tasks' own in their order, then the shared ones."""
        own = [name for task in self._place for name in _named(task, self.n_own)]
        return own + _named("shared", self.n_shared)

    def table(self, level: int) -> str:
        """The name of a level's table."""
        return "gates" if self.n_levels == 1 else f"gates · level {level + 1}"

    def _seen_by(self, place: int) -> list[int]:
        """The experts in the gate of the task at that place: its own, then the shared ones."""
        n_private = self.n_tasks * self.n_own
        return [
            *range(place * self.n_own, (place + 1) * self.n_own),
            *range(n_private, self.n_experts),
        ]

    def builder(self, builder: StructureBuilder, heads: Heads) -> None:
        """Add experts, gates and heads."""
        tasks, names = list(self._place), self.expert_names()
        homes = [task for task in tasks for _ in range(self.n_own)] + [""] * self.n_shared
        level, streams = 1, list[str]()
        for number, stages in enumerate(self._stages):
            banks = [list(stage.copies) for stage in stages]
            stems = [list(stem.copies) for stem in self.columns.stem_banks] if number == 0 else []
            experts = self._sketch_experts(builder, level, stems, banks, names, homes)
            if streams:
                for i, parts in enumerate(experts[0]):
                    builder.edge(streams[min(i // self.n_own, self.n_tasks)], parts[0])
            for lower, upper in pairwise(experts):
                join(builder, lower, upper)
            level += len(experts)
            streams = self._sketch_gates(builder, number, level, experts[-1], names)
            level += 1
        head_keys = builder.heads(heads, level)
        for task, stream in zip(tasks, streams, strict=False):
            builder.edge(stream, head_keys[task])

    def _sketch_experts(
        self,
        builder: StructureBuilder,
        level: int,
        stems: list[list[nn.Module]],
        banks: list[list[nn.Module]],
        names: list[str],
        homes: list[str],
    ) -> list[list[list[str]]]:
        """Add the experts of one level; their keys by stage and expert."""
        levels: list[list[list[str]]] = []
        if stems:
            levels = sketch_columns(
                builder, stems, self.columns.readers, [], "expert", names, homes
            )
        for bank in banks:
            at = level + len(levels)
            row = zip(names, bank, homes, strict=True)
            levels.append(
                [
                    [builder.node(f"expert {i + 1} at {at}", "expert", at, name, [part], (), home)]
                    for i, (name, part, home) in enumerate(row)
                ]
            )
        return levels

    def _sketch_gates(
        self,
        builder: StructureBuilder,
        number: int,
        level: int,
        experts: list[list[str]],
        names: list[str],
    ) -> list[str]:
        """Add the gates after one level of experts; their keys, that of the shared stream last."""
        every = self.first_gates if number == 0 else [self.later_gates[number - 1]]
        every = [cast("LevelGates", gates) for gates in every]
        rows = [(task, self._seen_by(i), task) for i, task in enumerate(self._place)]
        parts = [[gates.own.copies[i] for gates in every] for i in range(self.n_tasks)]
        if every[0].over_all is not None:
            rows.append(("shared stream", list(range(self.n_experts)), ""))
            parts.append([gates.over_all for gates in every if gates.over_all is not None])
        gate_keys: list[str] = []
        for (name, seen, home), own in zip(rows, parts, strict=True):
            key = builder.node(f"gate {name} {number + 1}", "gate", level, name, own, (), home)
            for i in seen:
                for part in experts[i]:
                    builder.edge(part, key, self.table(number), name, names[i])
            if number == 0:
                builder.read(key)
            gate_keys.append(key)
        return gate_keys


def _named(name: str, n: int) -> list[str]:
    return [name] if n == 1 else [f"{name} {i + 1}" for i in range(n)]
