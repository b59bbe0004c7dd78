"""Importance: how much of the objective each setting explains, by functional ANOVA."""

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

import optuna
from optuna.importance import FanovaImportanceEvaluator, get_param_importances

if TYPE_CHECKING:
    from optuna import Study
    from optuna.trial import FrozenTrial

#: With fewer finished trials a forest says nothing.
LEAST_TRIALS = 6


def importance_of(study: "Study", seed: int = 0) -> dict[str, float]:
    """Each setting's share of the variance of the first objective, largest first.

    Functional ANOVA over a random forest (Hutter, Hoos & Leyton-Brown, An efficient approach for
    assessing hyperparameter importance, ICML 2014), named because Optuna's own choice, PED-ANOVA,
    ranks by another question. Empty where too few trials are done or all reached the same.
    """
    done = [t for t in study.get_trials(deepcopy=False) if _is_done(t)]
    if len(done) < LEAST_TRIALS or len({t.values[0] for t in done}) < 2:
        return {}
    target: Callable[[FrozenTrial], float] | None = None
    if len(study.directions) > 1:
        target = _first
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        warnings.simplefilter("ignore", UserWarning)
        try:
            shares = get_param_importances(
                study, evaluator=FanovaImportanceEvaluator(seed=seed), target=target
            )
        except (ValueError, RuntimeError):  # every tree says the same
            return {}
    return {name: float(share) for name, share in shares.items()}


def _is_done(trial: "FrozenTrial") -> bool:
    return trial.state == optuna.trial.TrialState.COMPLETE


def _first(trial: "FrozenTrial") -> float:
    return trial.values[0]
