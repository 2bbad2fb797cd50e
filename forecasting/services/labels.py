"""Names of the candidates, as stored beside numbers that refer to them."""

from forecasting.engine import Config
from forecasting.engine.methods.registry import candidates


def candidate_labels(config: Config) -> list[str]:
    """The label of each candidate, in the order of its number."""
    found = candidates("D", config.methods)
    return [found.label(index) for index in range(len(found.method))]
