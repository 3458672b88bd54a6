"""Benchmarks: ratios against a named baseline in one run, never in timed tests."""
