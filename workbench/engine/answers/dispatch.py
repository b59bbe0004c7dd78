"""Answering: finds who answers a question."""

import importlib
import pkgutil
from functools import cache
from types import ModuleType
from typing import Any

from workbench.engine import answers
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.readers.errors import DataError, words_for_unread
from workbench.engine.roles.method import BadSpecError
from workbench.spec.question import Question, RefusedError, Tell


def answer(question: Question, catalogue: Catalogue, tell: Tell) -> Any:
    """The answer to a question. Raises RefusedError where there is none, and what `tell` raises."""
    try:
        return _answerers()[type(question)].answer(question, catalogue, tell)
    except BadSpecError as error:
        raise RefusedError(error.message, error.field) from error
    except DataError as error:
        raise RefusedError(str(error)) from error
    except OSError as error:
        raise RefusedError(words_for_unread(error)) from error


@cache
def _answerers() -> dict[type[Question], ModuleType]:
    modules: dict[type[Question], ModuleType] = {}
    for entry in pkgutil.iter_modules(answers.__path__):
        module = importlib.import_module(f"{answers.__name__}.{entry.name}")
        if hasattr(module, "QUESTION"):
            modules[module.QUESTION] = module
    return modules
