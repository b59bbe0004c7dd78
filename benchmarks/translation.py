"""What texts cost: a step beside one written by hand, a cache beside none, memory of evaluation.

    python benchmarks/translation.py

Ratios are of times measured alternately in one process, on one thread. Measured on a busy machine
of two cores: a step of 3 × 16 texts 44 ms, 1.01 × by hand; 64 answers of 40 tokens 146 ms, 9.7 ×
faster than without what was kept, one answer 38 ms, 1.5 ×; evaluating 5,000 × 80 at 2,000 adds
135 MB.
"""

import argparse
import resource
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from workbench.engine.build.build import build
from workbench.engine.build.catalogue import discover
from workbench.engine.measure.evaluation import Evaluator
from workbench.engine.measure.generation import Prompts, written
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.task import Part, Task, Tokens, TokensOut
from workbench.engine.roles.texts.cropping import cropped
from workbench.spec.experiment import Spec

WIDTH, HEADS, BLOCKS = 96, 4, 4


def setup(batch_size: int = 16, sentences: int = 1000) -> Any:
    """A run of three pairs, before its first step."""
    spec = Spec.model_validate(
        {
            "tasks": [{"family": "numbers", "sentences": sentences}],
            "encoder": {"kind": "transformer", "width": WIDTH, "heads": HEADS, "blocks": BLOCKS},
            "training": {"steps": 1, "batch_size": batch_size, "clip": 1.0, "threads": 1},
            "optimizer": {"kind": "adamw", "lr": 0.003},
        }
    )
    return build(spec, 0, discover())


class ByHand(nn.Module):
    """The same network as anybody would write it."""

    def __init__(self, vocabulary: int, length: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, WIDTH)
        self.norms = [nn.LayerNorm(WIDTH, elementwise_affine=False) for _ in range(2 * BLOCKS + 1)]
        self.read = nn.ModuleList(nn.Linear(WIDTH, 3 * WIDTH) for _ in range(BLOCKS))
        self.give = nn.ModuleList(nn.Linear(WIDTH, WIDTH) for _ in range(BLOCKS))
        self.up = nn.ModuleList(nn.Linear(WIDTH, 4 * WIDTH) for _ in range(BLOCKS))
        self.down = nn.ModuleList(nn.Linear(4 * WIDTH, WIDTH) for _ in range(BLOCKS))
        self.head = nn.Linear(WIDTH, vocabulary)
        places = torch.arange(length)[:, None]
        waves = 10_000.0 ** (-torch.arange(0, WIDTH // HEADS, 2) / (WIDTH // HEADS))
        self.turns = torch.polar(torch.ones(length, len(waves)), places * waves)

    def forward(self, tokens: Tensor) -> Tensor:
        n, length = tokens.shape
        x = self.embedding(tokens)
        turns = self.turns[:length, None]
        for i in range(BLOCKS):
            read = self.read[i](self.norms[2 * i](x)).view(n, length, 3, HEADS, -1)
            query, key, value = read.unbind(2)
            query, key = (
                torch.view_as_real(torch.view_as_complex(v.unflatten(-1, (-1, 2))) * turns)
                .flatten(-2)
                .transpose(1, 2)
                for v in (query, key)
            )
            seen = functional.scaled_dot_product_attention(
                query, key, value.transpose(1, 2), is_causal=True
            )
            x = x + self.give[i](seen.transpose(1, 2).reshape(n, length, -1))
            x = x + self.down[i](functional.gelu(self.up[i](self.norms[2 * i + 1](x))))
        return self.head(self.norms[-1](x))


def alternately(rounds: int, *works: Callable[[], object]) -> list[float]:
    """The median seconds of each, taken in turns."""
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for times, work in zip(seconds, works, strict=True):
            started = perf_counter()
            work()
            times.append(perf_counter() - started)
    return [median(times) for times in seconds]


def step(rounds: int) -> None:
    """A whole step, from drawing a batch to the optimizer, beside the same by hand."""
    trainer = setup()
    sampler, tasks = trainer.plan.samplers[0], trainer.update.tasks
    task: Task = next(iter(tasks.values()))
    kind, output = task.input, task.output
    assert isinstance(kind, Tokens)
    assert isinstance(output, TokensOut)
    hand = ByHand(output.n, kind.length)
    optimizer = torch.optim.AdamW(hand.parameters(), lr=0.003, fused=True)
    batches = [sampler.draw() for _ in range(8)]
    turn = iter(range(10**9))

    def ours() -> None:
        trainer.learner.learn(batches[next(turn) // 2 % 8], trainer.update)

    def by_hand() -> None:
        batch = cropped(tasks, batches[next(turn) // 2 % 8])
        answers = hand(torch.cat([part.inputs["text"] for part in batch.values()])).split(
            [len(part) for part in batch.values()]
        )
        loss = sum(
            functional.cross_entropy(answer.flatten(0, 1), part.target.flatten())
            for answer, part in zip(answers, batch.values(), strict=True)
        )
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(hand.parameters(), 1.0)
        optimizer.step()

    one, other = alternately(rounds, ours, by_hand)
    print(f"step of 3 × 16 texts: {1000 * one:.1f} ms, {one / other:.2f} × by hand")


def cache(rounds: int) -> None:
    """Answers of 40 tokens, for 64 questions and for one, with what was seen kept and without."""
    trainer = setup()
    trainer.model.eval()
    for n in (64, 1):
        tokens = torch.randint(10, 500, (n, 12))
        most = torch.full((n,), 40)
        prompts = {"en-fr": Prompts("text", tokens, torch.full((n,), 12), most, None)}
        kept, again = alternately(
            rounds,
            lambda given=prompts: written(trainer.model, given),
            lambda given=prompts: written(trainer.model, given, keeps=False),
        )
        print(f"{n} answers of 40: {1000 * kept:.0f} ms, {again / kept:.1f} × faster than without")


def memory() -> None:
    """What the evaluation of 5,000 texts of 80 tokens adds, at a vocabulary of 2,000."""
    n, length, vocabulary = 5000, 80, 2000

    class Table(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.rows = nn.Embedding(vocabulary, vocabulary)

        def forward(self, batch: Batch) -> dict[str, Tensor]:
            return {name: self.rows(part.inputs["text"]) for name, part in batch.items()}

    tokens = torch.randint(10, vocabulary, (n, length))
    part = Part({"text": tokens}, tokens.roll(-1, 1))
    kinds = {"text": Tokens(vocabulary, length)}
    task = Task("a", kinds, TokensOut(vocabulary), dict.fromkeys(("train", "val", "test"), part))
    task.metric = "token-accuracy"
    model: Any = Table()
    metrics = {"token-accuracy": discover().find("metric", "token-accuracy", "tasks")()}
    evaluator = Evaluator(model, {"a": task}, metrics)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    evaluator.scores("val", 0)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"evaluating {n:,} × {length} at {vocabulary:,}: {(after - before) / 1024:.0f} MB more")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    given = parser.parse_args()
    torch.set_num_threads(1)
    memory()
    step(given.rounds)
    cache(max(3, given.rounds // 8))


if __name__ == "__main__":
    main()
