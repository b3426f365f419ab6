"""The mastery engine: pure functions on NumPy arrays. No Django, clock, query or chance in here.

What does a learner show? Read in this order:
`scale` (levels and cuts), `events` (histories as arrays), `counted` (what counts, and what is left out and why),
`methods` (the registry of level methods), `shown` (the level shown, overrides included), `receipt` (its account to the
last digit), `lowered` (why a level may fall after a better result), `outlook` (what would it take), `parents` (a parent
standard from its children), `aggregates` (a class).

How sure are we? The evidence tree, which sets no shown level unless a district chooses it:
`tree` (one result at a time), `tree_replay` and `tree_beliefs` (whole districts), `tree_reading` (what it believes at a
time), `calibration` (what learners here usually get), `tree_account` and `sureness` (the belief explained),
`tree_level` and `tree_receipt` (the tree as a level method).

Where a new method goes: one file beside `decaying.py` with four functions, and one entry in `methods.METHODS`.
1. `median(points)`: the value of one learner and standard, in plain Python; this is the definition.
2. `median_by_pair(points, starts)`: the same for all pairs of a district at once (`segments`).
3. `median_running()`: the same after one more result, from a small state (`running`).
4. `median_coefficients(points)`: one share per result, for the receipt; None in the registry where the value is no sum
   of shares, and then `receipt` and its words need the parts that explain it.
Tests run over the registry: every form against the definition to 1e-12 and the stored integer, receipts that add up,
constant marks, re-assessments, other standards. Add its name to `MasteryPolicy.Method` (models, with its migration) and
to `METHODS` (receipt_words), a case to `reference/cases/scores.json`, and to the laws (tests/assessments/mastery/
test_laws.py) whether raising a score may lower it. Change `version` whenever the same results and parameters could
give another value. How anyone checks all of it, with this engine or another: `reference` and docs/reference.md.
"""
