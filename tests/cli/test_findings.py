"""After its tables a run says in sentences what it shows, and what to type next."""

from tests import fakes
from tests.cli.printed import Capture
from workbench import cli
from workbench.cli.findings import print_findings
from workbench.study.findings.finding import Finding, Remedy


def test_a_run_ends_with_what_it_shows(good: str, capsys: Capture) -> None:
    assert cli.main(fakes.Services(), ["run", good]) == 0
    printed = capsys.readouterr().out
    assert "It forgot a part: 63 % [63, 63] of what earlier tasks had gained is left." in printed
    assert "One seed" not in printed


def test_one_seed_is_told_what_to_type_for_more(good: str, capsys: Capture) -> None:
    assert cli.main(fakes.Services(), ["run", good, "--seeds", "3"]) == 0
    assert "→ Add 4 seeds: --seeds 0..4" in capsys.readouterr().out


def test_each_remedy_is_something_to_type(capsys: Capture) -> None:
    changes = (("retention", {"kind": "replay"}), ("optimizer.lr", 1e-4))
    remedies = [Remedy("Try it", "setting", changes, "It helps."), Remedy("Measure", "transfer")]
    print_findings([Finding("a", "One [b]thing[/b].", remedy) for remedy in remedies])
    assert capsys.readouterr().out.splitlines() == [
        "One [b]thing[/b].",
        "  → Try it: It helps. --set retention.kind=replay --set optimizer.lr=0.0001",
        "One [b]thing[/b].",
        "  → Measure: workbench transfer",
    ]
