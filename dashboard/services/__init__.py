"""Writes of the dashboard (sources, store, runs, summaries, weights) and the reads its pages share."""
