"""A learner's binder: the page, and everything in it to take along."""
