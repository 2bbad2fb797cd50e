"""The one door to numba: compiled on first use, kept on disk, typed for mypy.

Each kernel file is closed in itself (no compiled function of another file is called): numba checks only the
file of the kernel when it decides whether a cached machine code is still good.
"""

from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def kernel(function: Kernel) -> Kernel:
    """Compile `function` on its first call; later processes load the machine code from the cache."""
    return cast(Kernel, njit(cache=True, nogil=True)(function))
