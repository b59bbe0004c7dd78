"""Findings as the command line says them: each a line, with what to type next."""

from collections.abc import Sequence
from typing import Any

from workbench.cli import output
from workbench.cli.result import Result
from workbench.spec.experiment import Spec
from workbench.spec.text import visible
from workbench.study.findings.finding import Finding, Remedy, Setup
from workbench.study.findings.rules import findings


def findings_of(spec: Spec, results: Sequence[Result]) -> list[Finding]:
    """What the runs of one setup show, the most important first."""
    setup = Setup(spec, [result.facts for result in results if result.began is not None])
    return findings(setup, str)


def print_findings(spoken: Sequence[Finding]) -> None:
    """A line each: the sentence, and how to try what may help."""
    for finding in spoken:
        output.emit(visible(finding.text))
        if finding.remedy is not None:
            words = " ".join(filter(None, (finding.remedy.why, _typed(finding.remedy))))
            output.emit(visible(f"  → {finding.remedy.title}: {words}"))


def _typed(remedy: Remedy) -> str:
    """What to type for a remedy, beside the command that was typed."""
    match remedy.kind:
        case "seeds":
            return "--seeds 0..4"
        case "transfer":
            return "workbench transfer"
        case _:
            changes = [part for path, value in remedy.changes for part in _assigned(path, value)]
            return " ".join(f"--set {part}" for part in changes)


def _assigned(path: str, value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{path}.{key}={each}" for key, each in value.items()]
    return [f"{path}={value:g}"]
