"""Learners of a class who help each other: what they offer and ask for, pairs, thanks, and what a grown-up is told."""
