"""Erasing one learner: a preview, two people or a week, one transaction, and a receipt that names nobody."""
