"""Boosted trees as plain arrays, evaluated without LightGBM: every tree padded to a full binary tree of one depth.

Node j has the children 2 j + 1 (feature <= threshold) and 2 j + 2. A leaf higher up is repeated below itself, so that
each row takes the same number of steps and the processor can work on many rows at once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.errors import PanelError
from forecasting.engine.kernels import F32, F64, I64, kernel

U16 = NDArray[np.uint16]


@dataclass(frozen=True)
class Forest:
    """m models of t trees each, of `depth` steps.

    feature    uint16 [m, t, 2^depth - 1]
    threshold  float32, likewise
    leaf       float32 [m, t, 2^depth]
    trees      int64 [m]: how many of the t trees each model has; the others are empty.
    """

    feature: U16
    threshold: F32
    leaf: F32
    trees: I64

    def predict(self, values: F32) -> F64:
        """float64 [rows, m] for float32 [rows, f]. Raises PanelError where the trees ask for more than f values."""
        if int(self.feature.max(initial=0)) >= values.shape[1]:
            raise PanelError(
                f"The model was trained on a panel with more drivers: there are {values.shape[1]} features."
            )
        return evaluate(np.ascontiguousarray(values), self.feature, self.threshold, self.leaf, self.trees)


@kernel
def evaluate(values: F32, feature: U16, threshold: F32, leaf: F32, trees: I64) -> F64:
    """Sum of the leaves that each row falls into, per model; shapes as in Forest.

    Four rows go down a tree together: while one waits for its next node the processor works on the others.
    """
    n_rows, n_values = values.shape
    n_models, _, n_nodes = feature.shape
    depth = 0
    while 2**depth < n_nodes + 1:
        depth += 1
    one, two, inner, wide = np.uint64(1), np.uint64(2), np.uint64(n_nodes), np.uint64(n_values)
    out = np.zeros((n_rows + 3, n_models))
    flat = np.zeros(64 * n_values, np.float32)
    for begin in range(0, n_rows, 64):
        size = min(64, n_rows - begin)
        flat[: size * n_values] = values[begin : begin + size].copy().reshape(-1)
        for m in range(n_models):
            for t in range(trees[m]):
                features, thresholds, leaves = feature[m, t], threshold[m, t], leaf[m, t]
                for i in range(0, size, 4):
                    row_a = np.uint64(i * n_values)
                    row_b = row_a + wide
                    row_c = row_b + wide
                    row_d = row_c + wide
                    a, b, c, d = np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0)
                    for _ in range(depth):
                        a = two * a + one + np.uint64(flat[row_a + features[a]] > thresholds[a])
                        b = two * b + one + np.uint64(flat[row_b + features[b]] > thresholds[b])
                        c = two * c + one + np.uint64(flat[row_c + features[c]] > thresholds[c])
                        d = two * d + one + np.uint64(flat[row_d + features[d]] > thresholds[d])
                    out[begin + i, m] += leaves[a - inner]
                    out[begin + i + 1, m] += leaves[b - inner]
                    out[begin + i + 2, m] += leaves[c - inner]
                    out[begin + i + 3, m] += leaves[d - inner]
    return out[:n_rows]


def evaluate_slow(values: F32, feature: U16, threshold: F32, leaf: F32, trees: I64) -> F64:
    """The same, one row and one tree after another."""
    out = np.zeros((len(values), len(feature)))
    for i, row in enumerate(values):
        for m in range(len(feature)):
            for t in range(trees[m]):
                node = 0
                while node < feature.shape[2]:
                    right = row[feature[m, t, node]] > threshold[m, t, node]
                    node = 2 * node + 2 if right else 2 * node + 1
                out[i, m] += leaf[m, t, node - feature.shape[2]]
    return out
