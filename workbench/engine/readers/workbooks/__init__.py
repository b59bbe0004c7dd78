"""Workbooks: tables in the sheets of a spreadsheet's own files. No macro and no formula is run."""
