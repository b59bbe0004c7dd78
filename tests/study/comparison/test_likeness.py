"""What experiments differ in."""

from tests.study.comparison.made import CATALOGUE, spec
from workbench.spec.experiment import Choice
from workbench.study.comparison.likeness import facts_of, settings_that_differ


def differing(*specs: object) -> dict[str, tuple[object, ...]]:
    facts = [facts_of(each, CATALOGUE) if each is not None else None for each in specs]  # pyright: ignore
    return {setting.key: setting.values for setting in settings_that_differ(facts)}


def test_settings_that_differ_stand_side_by_side_choices_first() -> None:
    plain = spec()
    tuned = plain.model_copy(update={"optimizer": plain.optimizer.model_copy(update={"lr": 0.5})})
    ewc = tuned.model_copy(update={"retention": Choice(kind="ewc")})
    assert differing(plain, tuned, ewc) == {
        "retention.kind": ("none", "none", "ewc"),
        "retention.strength": (None, None, 1),  # its default
        "optimizer.lr": (0.001, 0.5, 0.5),
    }
    assert next(iter(differing(plain, ewc))) == "retention.kind"


def test_names_seeds_and_what_is_only_measured_are_no_settings() -> None:
    plain = spec()
    other = plain.model_copy(update={"name": "b", "about": "c", "seeds": (5,)})
    assert differing(plain, other) == {}


def test_a_setup_that_cannot_be_read_differs_in_nothing_known() -> None:
    assert differing(spec(), None) == {}
    assert differing(spec(), None, spec("ewc"))["retention.kind"] == ("none", None, "ewc")
    assert differing() == {}


def test_one_and_one_point_zero_are_one_value() -> None:
    ewc = [
        spec().model_copy(update={"retention": Choice(kind="ewc", strength=s)}) for s in (1, 1.0)
    ]
    assert differing(*ewc) == {}
