"""Tests of the readers: every bad file is made here."""
