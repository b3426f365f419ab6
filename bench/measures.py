"""Measures of predicted chances against what happened, and the recalibration of a score into a chance."""

import numpy as np
from scipy.special import expit, logit
from scipy.stats import rankdata

NEVER_CERTAIN = 0.01
"""A score counts as a chance between this and 1 minus this, so that one miss does not cost without limit."""
BINS = 10


def log_loss(right, chance):
    p = _bounded(chance)
    return -np.mean(right * np.log(p) + (1 - right) * np.log(1 - p))


def rmse(right, chance):
    return np.sqrt(np.mean((right - chance) ** 2))


def auc(right, chance):
    """How often a right response had the higher chance than a wrong one; ties count half; NaN without both."""
    rights = int(np.sum(right == 1))
    wrongs = len(right) - rights
    if not rights or not wrongs:
        return float("nan")
    ranks = rankdata(chance)[right == 1].sum()
    return (ranks - rights * (rights + 1) / 2) / (rights * wrongs)


def calibration_error(right, chance):
    """Expected calibration error: over ten bins of equal width, |right - expected|, weighted by their size."""
    bins = np.minimum((np.asarray(chance) * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, weights=right - chance, minlength=BINS)
    return np.abs(gaps).sum() / len(right)


MEASURES = {
    "auc": (auc, "area"),
    "log_loss": (log_loss, "nats"),
    "rmse": (rmse, "share"),
    "ece": (calibration_error, "share"),
}


def fit_recalibration(score, earlier, right):
    """A function from scores (NaN: none) and numbers of earlier results to chances.

    Logistic in the score's logit, in the logarithm of the number and in their product, since a score says more the
    more results it rests on; without a score the rate of those without one.
    """
    none = np.isnan(score)
    rate = _bounded(np.mean(right[none])) if none.any() else 0.5
    weights = _logistic_regression(_features(score[~none], earlier[~none]), right[~none])

    def recalibrate(score, earlier):
        known = expit(_features(np.nan_to_num(score, nan=0.5), earlier) @ weights)
        return np.where(np.isnan(score), rate, known)

    return recalibrate


def _features(score, earlier):
    height, number = logit(_bounded(score)), np.log1p(earlier)
    return np.column_stack([np.ones(len(score)), height, number, height * number])


def _logistic_regression(x, y, rounds=25):
    """Newton's method with a hair of ridge, which keeps separable data finite."""
    weights = np.zeros(x.shape[1])
    ridge = 1e-3 * np.eye(x.shape[1])
    for _ in range(rounds):
        p = expit(x @ weights)
        slope = x.T @ (y - p) - ridge @ weights
        step = np.linalg.solve(x.T @ (x * (p * (1 - p))[:, None]) + ridge, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def _bounded(chance):
    return np.clip(chance, NEVER_CERTAIN, 1 - NEVER_CERTAIN)
