"""Make confidence mean something: of quotes with confidence 0.8 about 80% are right.

By isotonic regression: the curve that never falls and lies nearest to what was right, found by
pooling adjacent violators (Zadrozny and Elkan, "Transforming Classifier Scores into Accurate
Multiclass Probability Estimates", KDD 2002).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from quotes.evaluate import Comparison

_FEWEST = 25  # quotes that a step of the curve rests on
_LEAST, _MOST = 0.02, 0.98  # nothing is certain


def calibrate(comparisons: Iterable[Comparison]) -> tuple[tuple[float, float], ...]:
    """Return points of a curve from raw to calibrated confidence, between which it is straight."""
    pairs = sorted(
        (match.found.confidence, match.half)
        for comparison in comparisons
        for match in comparison.matches
        if match.found
    )
    steps = _pooled(pairs)
    points = [(0.0, _LEAST), *((raw, min(max(right, _LEAST), _MOST)) for raw, right, _ in steps)]
    return (*((round(raw, 4), round(right, 4)) for raw, right in points), (1.0, _MOST))


def _pooled(pairs: Sequence[tuple[float, bool]]) -> list[tuple[float, float, int]]:
    """Return steps: mean raw confidence, share right, count; the shares never fall."""
    steps: list[tuple[float, float, int]] = []
    for start in range(0, len(pairs), _FEWEST):
        part = pairs[start : start + _FEWEST]
        raw = sum(one for one, _ in part) / len(part)
        steps.append((raw, sum(right for _, right in part) / len(part), len(part)))
        while len(steps) > 1 and steps[-2][1] >= steps[-1][1]:
            later, earlier = steps.pop(), steps.pop()
            count = earlier[2] + later[2]
            steps.append(
                (
                    (earlier[0] * earlier[2] + later[0] * later[2]) / count,
                    (earlier[1] * earlier[2] + later[1] * later[2]) / count,
                    count,
                )
            )
    return steps
