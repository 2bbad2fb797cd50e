"""The global model: one set of boosted trees for all series, beside the statistical methods."""
