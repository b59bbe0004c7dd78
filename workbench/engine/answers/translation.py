"""What the model of a run answers to a text, from a checkpoint."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from workbench.engine.answers.saved_run import in_its_threads, run_as_saved
from workbench.engine.blocks.text.vocabulary import UnusableTextError
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.layers.watching import watched
from workbench.engine.measure.beam_search import Beam, searched
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.task import Part, Task, TokensOut
from workbench.engine.roles.texts.text import Text, Vocabulary
from workbench.engine.training.checkpoint import saved_steps
from workbench.engine.training.trainer import Trainer
from workbench.spec.facts import Floats
from workbench.spec.question import RefusedError, Tell, Translate
from workbench.spec.shown.written import TranslatedText, TranslationAnswer, WrittenToken

QUESTION = Translate

#: An answer has at most so many times the tokens of the question, and this many more.
_TIMES, _MORE = 4, 40
#: Tokens told for each place of an answer.
_ALTERNATIVES = 6
#: Widest search, and the longest question in letters.
_WIDEST, _LONGEST = 64, 10_000


def answer(question: Translate, catalogue: Catalogue, tell: Tell) -> TranslationAnswer:
    """What the model answers. Raises RefusedError where there is no answer, BadSpecError."""
    if not 1 <= question.width <= _WIDEST:
        raise RefusedError(f"1 to {_WIDEST} answers side by side; not {question.width:,}")
    if not 0 <= question.penalty <= 10:  # NaN is not either
        raise RefusedError(f"a length penalty is from 0 to 10; {question.penalty:g} is not")
    text = " ".join(question.text.split())
    if not text:
        raise RefusedError("there is no text to translate")
    if len(text) > _LONGEST:
        raise RefusedError(f"a text of at most {_LONGEST:,} letters; this has {len(text):,}")
    trainer = run_as_saved(
        question.spec, question.seed, question.folder, catalogue, tell, question.step
    )
    tasks = _asked(trainer.update.tasks, question)
    beam = Beam(question.width, question.penalty)
    model, was_training = trainer.model, trainer.model.training
    model.eval()
    try:
        with in_its_threads(trainer), torch.inference_mode():
            answers = tuple(_answered(trainer, task, text, beam) for task in tasks)
    except UnusableTextError as error:
        raise RefusedError(str(error)) from None
    finally:
        model.train(was_training)
    return TranslationAnswer(
        trainer.at.step, answers, saved_steps(Path(question.folder) / "checkpoint")
    )


def _asked(tasks: Mapping[str, Task], question: Translate) -> list[Task]:
    """The tasks from the source to each target that is wanted. Raises RefusedError."""
    known = [(task, text) for task in tasks.values() if (text := task.text) is not None]
    if not known:
        raise RefusedError("no task of this run answers in texts")
    source = question.source or known[0][1].source
    fitting = {text.target: task for task, text in known if text.source == source}
    if not fitting:
        sources = ", ".join(dict.fromkeys(text.source for _, text in known))
        raise RefusedError(f"no task of this run reads '{source}' (there is: {sources})")
    for target in question.to:
        if target not in fitting:
            there = ", ".join(fitting)
            raise RefusedError(f"no task of this run answers '{source}' in '{target}': {there} are")
    return [fitting[target] for target in question.to or fitting]


def _answered(trainer: Trainer, task: Task, text: str, beam: Beam) -> TranslatedText:
    assert task.text is not None
    assert isinstance(task.output, TokensOut)
    prompt = task.text.prompt(text)
    (view,) = task.inputs
    ask = partial(_asked_where_it_is, trainer)
    most = 1 if task.output.end is None else _TIMES * len(prompt) + _MORE
    limited = Beam(beam.width, beam.penalty, most)
    beams = searched(ask, task.name, view, prompt, task.output.end, limited)
    whole = torch.tensor([[*prompt, *beams[:-1]]])
    with watched() as attention:
        output = ask({task.name: Part({view: whole}, whole)})[task.name]
    shares = output[0, len(prompt) - 1 :].softmax(-1)
    return TranslatedText(
        task.name,
        task.text.source,
        task.text.target,
        task.text.written(beams),
        tuple(_reading(task.text).pieces(prompt)),
        tuple(_token(task.text, token, share) for token, share in zip(beams, shares, strict=True)),
        _seen(attention, len(prompt), len(beams)),
    )


def _asked_where_it_is(trainer: Trainer, batch: Batch) -> dict[str, Tensor]:
    """The model's outputs on the CPU, wherever it is itself."""
    device = next(trainer.model.parameters()).device
    there = {name: part.to(device) for name, part in batch.items()}
    return {name: output.cpu() for name, output in trainer.evaluator.answer(there).items()}


def _reading(text: Text) -> Vocabulary:
    return text.reads or text.vocabulary


def _token(text: Text, token: int, shares: Tensor) -> WrittenToken:
    likeliest = shares.nan_to_num(0.0).topk(min(_ALTERNATIVES, len(shares)))
    others = zip(likeliest.indices.tolist(), likeliest.values.tolist(), strict=True)
    alternatives = tuple((_piece(text, other), share) for other, share in others)
    return WrittenToken(_piece(text, token), float(shares[token].nan_to_num(0.0)), alternatives)


def _piece(text: Text, token: int) -> str:
    """Something to show for one token of an answer."""
    if text.answers:
        return text.answers[token] if token < len(text.answers) else ""
    return "".join(text.vocabulary.pieces([token]))


def _seen(attention: list[Tensor], n_read: int, n_written: int) -> Floats:
    """What each token that is written looks at, [blocks, tokens, read + tokens]."""
    if not attention:
        return np.zeros((0, n_written, n_read + n_written), dtype=np.float32)
    rows = torch.stack([block[0, n_read - 1 :] for block in attention])
    rows = torch.nn.functional.pad(rows, (0, n_read + n_written - rows.shape[2]))
    return rows.float().cpu().numpy()
