"""Takes steps of orders in their order until the money is spent. Its slow twin stands in tests/orders/twins.py."""

import numpy as np

from forecasting.engine.kernels import F64, I64, Bools, kernel

FREE, FIRST, HELD = 0, 1, 2
# Money below this is what floats leave of sums, in the firm's currency.
NOISE = 1e-6


@kernel
def take_steps(
    line: I64, ends: I64, begins: I64, cost: F64, least: I64, order: I64, covered: Bools, left: F64, minimum: F64,
    mode: I64,
) -> I64:  # fmt: skip
    """[n] packs of each line.

    Steps [S], sorted: the line of each, and from how many packs to how many it goes. Lines [n]: cost of a pack, least
    packs, the order that they are part of; covered [n, B]: by which budgets, of which so much is left [B]. Orders [G]:
    the least money of each, and its mode: HELD orders get nothing, FIRST ones are brought to their least before all
    others. Of a step that the money does not reach for, as many packs are taken as it does; a line below its least is
    not begun.
    """
    packs = np.zeros(len(cost), dtype=np.int64)
    room = left.copy()
    spent = np.zeros(len(minimum))
    for turn in range(2):
        for at in range(len(line)):
            row = line[at]
            group = order[row]
            if mode[group] == HELD or packs[row] < begins[at] or packs[row] >= ends[at]:
                continue
            wanted = ends[at] - packs[row]
            if turn == 0:
                missing = minimum[group] - spent[group]
                if mode[group] != FIRST or missing <= NOISE:
                    continue
                if cost[row] > 0.0:
                    wanted = min(wanted, max(int(np.ceil(missing / cost[row] - 1e-9)), least[row] - packs[row]))
            if cost[row] > 0.0:
                for budget in range(len(room)):
                    if covered[row, budget]:
                        wanted = min(wanted, int(np.floor((room[budget] + NOISE) / cost[row])))
            if wanted <= 0 or packs[row] + wanted < least[row]:
                continue
            packs[row] += wanted
            spent[group] += wanted * cost[row]
            for budget in range(len(room)):
                if covered[row, budget]:
                    room[budget] -= wanted * cost[row]
    return packs
