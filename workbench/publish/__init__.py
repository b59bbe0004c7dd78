"""Publish: results of runs for others: tables, event files, a report, a proof. No torch, no Qt."""
