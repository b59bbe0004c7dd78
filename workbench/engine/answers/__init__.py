"""Answers: a module for each kind of question, found by a scan of this folder.

A module names its `QUESTION`, a class of `workbench.spec.question`, and answers it in
`answer(question, catalogue, tell)` with plain data. It raises BadSpecError or OSError where there
is no answer, and lets through what `tell` raises when the answer is no longer wanted.
"""
