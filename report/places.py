"""Paths in the checkout."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
ACCURACY = ROOT / "report" / "verdict" / "accuracy.json"  # written by `nox -s simulate`
CONTRACT = ROOT / "report" / "evidence" / "observation.schema.json"  # the probes read it too
MATRIX_SCHEMA = ROOT / "report" / "site" / "exports" / "matrix.schema.json"
