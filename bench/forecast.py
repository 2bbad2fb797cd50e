"""The forecast bench: accuracy, coverage, bias and speed beside simple methods and statsforecast's best.

    python -m bench.forecast [--quick] [--json] [--fresh]

Accuracy: mean scaled pinball loss of the sum over the horizon at .5/.8/.9/.95/.98, rolling origins, nothing seen after
an origin but what is said to be known (the promotion calendar, in the rows that say so). Results are kept in the cache
folder (BENCH_CACHE) per task; --fresh computes ours anew. --quick takes 300 series and one origin, no statsforecast.
"""

import argparse
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from bench.datasets import Task, cache_folder, data_folder, fresh_retail, journey_daily, journey_weekly, vn2
from bench.forecast_reference import reference_sums
from bench.forecast_speed import speed_rows
from bench.forecast_weekly import weekly_rows
from bench.report import Row, print_rows
from forecasting.engine.backtest import engine_result
from forecasting.engine.boosted.training import Training
from forecasting.engine.rivals import rival_quantiles
from forecasting.engine.trial import SCORED, bias, coverage, paired_gain, scaled_pinball, smooth_coverage

F64 = np.ndarray
GOAL_GAIN = {
    "completejourney daily": (0.08, 0.20),
    "completejourney weekly": (0.08, 0.14),
    "VN2 3 weeks": (0.10, 0.10),
    "VN2 2 weeks": (0.10, 0.10),
    "FreshRetailNet": (0.10, 0.10),
}


@dataclass(frozen=True)
class Result:
    """Quantiles [n, o, 5] and means [n, o] of the scored sums."""

    quantiles: F64
    mean: F64


def cached_result(task: Task, label: str, training: Training | None, fresh: bool) -> Result:
    """What the engine says at each origin; from the cache where it is there."""
    path = cache_folder() / f"engine {task.name} {task.panel.n_series} {label}.npz"
    if path.exists() and not fresh:
        with np.load(path) as stored:
            return Result(stored["quantiles"], stored["mean"])
    result = Result(*engine_result(task, training))
    np.savez(path, quantiles=result.quantiles, mean=result.mean)
    return result


def sample(task: Task, n_series: int) -> Task:
    """Some of the series and the last origin."""
    keep = np.sort(np.random.default_rng(0).permutation(task.panel.n_series)[:n_series])
    return replace(task, panel=task.panel.rows(keep), origins=task.origins[-1:])


def tasks() -> list[Task]:
    """Those whose data is there."""
    found = [journey_daily(), journey_weekly()]
    return found if data_folder() is None else [*found, vn2(3), vn2(2), fresh_retail()]


def accuracy_rows(task: Task, quick: bool, fresh: bool) -> Iterator[Row]:
    """One row per method and figure, ours beside the best of the others."""
    losses = {} if quick else dict(_reference_losses(task))
    for name, (loss, covered, off) in losses.items():
        note = f"{_covered(covered)} bias {off:+.1%}"
        yield Row(f"{task.name}: {name}", float(np.nanmean(loss)), "scaled pinball", note=note)
    best = min(losses, key=lambda name: np.nanmean(losses[name][0])) if losses else None
    for label, work, with_model in variants(task):
        began = time.process_time()
        training = Training(rows=30_000) if quick else Training(threads=os.cpu_count() or 1)
        result = cached_result(work, label, training if with_model else None, fresh)
        loss = scaled_pinball(work, result.quantiles)
        covered = coverage(work, result.quantiles)
        note = f"{_covered(covered)} half-ties {_covered(smooth_coverage(work, result.quantiles))} "
        note += f"bias {bias(work, result.mean):+.1%} cpu {time.process_time() - began:.0f} s"
        yield Row(f"{task.name}: {label}", float(np.nanmean(loss)), "scaled pinball", note=note)
        if best is not None and with_model:
            yield _gain_row(task.name, label, loss, best, losses[best][0])
        if with_model:
            worst = float(np.abs(covered[2:] - np.array(SCORED[2:])).max())
            yield Row(f"{task.name}: {label}, coverage off by at most", 100 * worst, "points", goal=1.0)


def variants(task: Task) -> list[tuple[str, Task, bool]]:
    """(label, work, with the global model): without and, where there is one, with the promotion calendar ahead."""
    past = task.without_future_promotion()
    found = [("statistics", past, False), ("engine", past, True)]
    return found if task.panel.promotion is None else [*found, ("engine, promotions known", task, True)]


def _reference_losses(task: Task) -> Iterator[tuple[str, tuple[F64, F64, float]]]:
    for name, sums in reference_sums(task).items():
        quantiles = rival_quantiles(task, sums)
        yield name, (scaled_pinball(task, quantiles), coverage(task, quantiles), bias(task, sums))


def _gain_row(task: str, label: str, ours: F64, best: str, theirs: F64) -> Row:
    gain, low, high = paired_gain(ours, theirs)
    goal = GOAL_GAIN[task]["known" in label]
    note = f"[{100 * low:.1f}, {100 * high:.1f}] under {best}"
    return Row(f"{task}: {label}, gain", 100 * gain, "%", reference=0.0, goal=100 * goal, higher=True, note=note)


def _covered(covered: F64) -> str:
    return "/".join(f"{100 * c:.1f}" for c in covered[2:])


def main() -> None:
    """Run the bench and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--only", default="", help="part of a task's name, 'panel' or 'speed'")
    options = parser.parse_args()
    for task in tasks():
        if options.only.lower() in task.name.lower():
            work = sample(task, 300) if options.quick else task
            print_rows(accuracy_rows(work, options.quick, options.fresh or options.quick), options.json)
    if options.only in ("", "panel"):
        print_rows(weekly_rows(options.quick), options.json)
    if options.only in ("", "speed"):
        print_rows(speed_rows(2_000 if options.quick else 20_000), options.json)


if __name__ == "__main__":
    main()
