"""A run does without torch's compiler, and whoever wants it then has it."""

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
from tests.runner.specs import short
from workbench.engine.build import build as session, catalogue
from workbench.engine.answers.cost import answer
from workbench.spec.question import Cost

methods = catalogue.discover()
cost = answer(Cost(short()), methods, print)
*_, last = session.run(short(), 0, methods)
looked_through = [name for name, module in [*sys.modules.items()] if hasattr(module, "__file__")]
print(type(last).__name__, cost.flops > 0, "torch._dynamo.utils" in sys.modules)
import torch
print(torch.compile(lambda x: x + 1, backend="eager")(torch.ones(1)).item())
print("torch._dynamo.utils" in sys.modules)
"""


def test_it_is_loaded_by_nothing_but_a_wish_for_it():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split("\n")[-4:-1] == ["Finished True False", "2.0", "True"], done.stderr
