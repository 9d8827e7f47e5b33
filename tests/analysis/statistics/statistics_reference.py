"""Expected values of analysis/statistics/, by scipy 1.10 (Debian's python3-scipy) and by brute force.

    /usr/bin/python3 statistics_reference.py > statistics_reference.json
"""
import itertools
import json
import sys

import numpy as np
from scipy import stats

draw = np.random.default_rng(20)


def signed_rank(d):
    ranks = stats.rankdata(np.round(np.abs(d), 10))
    return float(ranks[d > 0].sum())


def all_signs(d, statistic):
    """scipy's exact permutation test of one sample: every pattern of signs."""
    return float(stats.permutation_test((d,), statistic, permutation_type='samples', vectorized=False,
                                        n_resamples=np.inf, alternative='two-sided').pvalue)


def pairs(n, digits, shift):
    x = np.round(0.8 + 0.02 * draw.standard_normal(n) + shift, digits)
    y = np.round(0.8 + 0.02 * draw.standard_normal(n), digits)
    d = x - y
    case = dict(x=x.tolist(), y=y.tolist(), mean=float(np.mean(x)), deviation=float(np.std(x, ddof=1)),
                t_interval=list(stats.t.interval(0.95, n - 1, np.mean(d), stats.sem(d))),
                sign_flip=all_signs(d, np.mean),
                improvement=float(stats.mannwhitneyu(x, y).statistic / n ** 2))
    kept = d[np.abs(d) > 1e-10]
    sizes = np.round(np.abs(kept), 10)
    if len(set(sizes.tolist())) == len(kept):
        case['wilcoxon'] = float(stats.wilcoxon(kept, mode='exact').pvalue)
        case['ties'] = False
    else:
        case['wilcoxon'] = all_signs(kept, signed_rank)
        case['ties'] = True
    if n <= 6:
        means = [np.mean(r) for r in itertools.product(d, repeat=n)]
        case['bootstrap'] = [float(np.quantile(means, q)) for q in (0.025, 0.975)]
    else:
        interval = stats.bootstrap((d,), np.mean, n_resamples=200000, method='percentile',
                                   random_state=1).confidence_interval
        case['bootstrap'] = [float(interval.low), float(interval.high)]
    again = np.random.default_rng(21)  # its own stream: the cases stay what they were
    wins = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    shares = [wins[again.integers(0, n, n)][:, again.integers(0, n, n)].mean() for _ in range(200000)]
    case['improvement_interval'] = [float(np.quantile(shares, q)) for q in (0.025, 0.975)]
    case['non_inferiority'] = []
    for margin in (0.001, 0.01, 0.03):
        test = stats.ttest_1samp(d, -margin, alternative='greater')
        bound = np.mean(d) - stats.t.ppf(0.95, n - 1) * stats.sem(d)
        case['non_inferiority'].append(dict(margin=margin, p=float(test.pvalue), bound=float(bound)))
    return case


def mcnemar(b, c):
    n, k = b + c, min(b, c)
    exact = stats.binomtest(k, n, 0.5).pvalue if n else 1.0
    mid = min(1.0, 2 * stats.binom.cdf(k, n, 0.5) - stats.binom.pmf(k, n, 0.5)) if n else 1.0
    return dict(b=b, c=c, exact=float(exact), mid=float(mid))


def holm(p):
    """From the definition: the largest of (m - j + 1) p_(j) over all j up to the rank, at most 1."""
    ordered = np.sort(p)
    m = len(p)
    steps = [(m - j) * ordered[j] for j in range(m)]
    return [float(min(1.0, max(steps[:int(np.searchsorted(ordered, v)) + 1]))) for v in p]


families = [[0.01], [0.03, 0.01, 0.04], [0.5, 0.6, 0.001, 0.02, 0.02], draw.uniform(0, 0.2, 9).round(4).tolist()]
json.dump(dict(
    pairs=[pairs(n, digits, shift) for n in (2, 3, 5, 6, 8, 12, 14) for digits, shift in ((6, 0.015), (2, 0.005))],
    mcnemar=[mcnemar(b, c) for b, c in ((0, 0), (0, 1), (3, 3), (10, 2), (5, 20), (411, 350), (12000, 11500))],
    holm=[dict(p=p, corrected=holm(p)) for p in families]), sys.stdout, indent=1)
print()
