"""What the weekly look at the past leaves for the nights, as one piece of bytes: plain arrays, no code."""

import io
from dataclasses import dataclass, fields

import numpy as np

from forecasting.engine.boosted.model import GlobalModel, is_readable
from forecasting.engine.choice import PeerEvidence


@dataclass(frozen=True)
class Learned:
    """The global model (None where the past was too short to train one) and what series of like volume share."""

    model: GlobalModel | None
    peers: PeerEvidence

    def pack(self) -> bytes:
        """Bytes of an .npz file."""
        arrays = {f"peers_{f.name}": getattr(self.peers, f.name) for f in fields(PeerEvidence)}
        if self.model is not None:
            arrays |= {f"model_{name}": values for name, values in self.model.arrays().items()}
        target = io.BytesIO()
        np.savez_compressed(target, allow_pickle=False, **arrays)
        return target.getvalue()

    @staticmethod
    def unpack(packed: bytes) -> "Learned":
        """What `pack` wrote, without the model where another version of the engine trained it. Raises ValueError for
        anything else.
        """
        with np.load(io.BytesIO(packed), allow_pickle=False) as stored:
            peers = PeerEvidence(**{f.name: stored[f"peers_{f.name}"] for f in fields(PeerEvidence)})
            names = [name for name in stored.files if name.startswith("model_")]
            arrays = {name.removeprefix("model_"): stored[name] for name in names}
            return Learned(GlobalModel.of(arrays) if arrays and is_readable(arrays) else None, peers)
