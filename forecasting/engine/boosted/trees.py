"""Boosted trees as plain arrays, evaluated without LightGBM: every tree padded to a full binary tree of one depth.

Node j has the children 2 j + 1 (feature <= threshold) and 2 j + 2. A leaf higher up is repeated below itself, so that
each row takes the same number of steps and the processor can work on many rows at once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.kernels import F32, F64, kernel

U16 = NDArray[np.uint16]


@dataclass(frozen=True)
class Forest:
    """m models of t trees each, of `depth` steps.

    feature    uint16 [m, t, 2^depth - 1]
    threshold  float32, likewise
    leaf       float32 [m, t, 2^depth]
    """

    feature: U16
    threshold: F32
    leaf: F32

    def predict(self, values: F32) -> F64:
        """float64 [rows, m] for float32 [rows, f]."""
        return evaluate(np.ascontiguousarray(values), self.feature, self.threshold, self.leaf)


@kernel
def evaluate(values: F32, feature: U16, threshold: F32, leaf: F32) -> F64:
    """Sum of the leaves that each row falls into, per model; shapes as in Forest."""
    n_rows, n_values = values.shape
    n_models, n_trees, n_nodes = feature.shape
    depth = 0
    while 2**depth < n_nodes + 1:
        depth += 1
    inner = np.uint64(n_nodes)
    out = np.zeros((n_rows, n_models))
    for begin in range(0, n_rows, 64):
        size = min(64, n_rows - begin)
        flat = values[begin : begin + size].copy().reshape(-1)
        for m in range(n_models):
            for t in range(n_trees):
                features = feature[m, t]
                thresholds = threshold[m, t]
                leaves = leaf[m, t]
                for i in range(size):
                    row = np.uint64(i * n_values)
                    node = np.uint64(0)
                    for _ in range(depth):
                        right = flat[row + np.uint64(features[node])] > thresholds[node]
                        node = np.uint64(2) * node + np.uint64(1) + np.uint64(right)
                    out[begin + i, m] += leaves[node - inner]
    return out


def evaluate_slow(values: F32, feature: U16, threshold: F32, leaf: F32) -> F64:
    """The same, one row and one tree after another."""
    out = np.zeros((len(values), len(feature)))
    for i, row in enumerate(values):
        for m in range(len(feature)):
            for t in range(feature.shape[1]):
                node = 0
                while node < feature.shape[2]:
                    right = row[feature[m, t, node]] > threshold[m, t, node]
                    node = 2 * node + 2 if right else 2 * node + 1
                out[i, m] += leaf[m, t, node - feature.shape[2]]
    return out
