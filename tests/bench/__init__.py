"""The benches: each prints limit, naive way and ours, measured side by side in one run (docs/performance.md).

A bench is a module here with `run() -> Table`. `python -m tests.bench [name ...]` runs them on servers of its own.
"""
