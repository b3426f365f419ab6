"""Conversations around a learner: who reads them, what is said, what is new, what should not stand there."""
