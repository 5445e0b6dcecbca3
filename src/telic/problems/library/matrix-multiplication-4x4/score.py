"""Number of multiplications of a bilinear 4 by 4 matrix algorithm, verified exactly."""

from typing import Any

import numpy as np

from telic.exact import float_array
from telic.scoring import Case, Score, infeasible

SIZE = 4
UNIT = 16
MOST = 64


def matrix_product() -> np.ndarray[tuple[int, int, int], np.dtype[np.int64]]:
    """Return the tensor of A, B -> AB in row-by-row entries."""
    tensor = np.zeros((16, 16, 16), dtype=np.int64)
    for i in range(SIZE):
        for j in range(SIZE):
            for k in range(SIZE):
                tensor[SIZE * i + j, SIZE * j + k, SIZE * i + k] = 1
    return tensor


WANTED = matrix_product() * UNIT**3


def score(output: Any, case: Case) -> Score:
    try:
        factors = float_array(output, (-1, 3, SIZE * SIZE)) * UNIT
    except ValueError as error:
        return infeasible(str(error))
    if not 1 <= len(factors) <= MOST:
        return infeasible(f"expected 1 to {MOST} products; got {len(factors)}")
    if np.abs(factors).max() > 64 * UNIT or (factors != np.rint(factors)).any():
        return infeasible("numbers must be multiples of 1/16 from -64 to 64")
    # At most 1024**3 * 64 = 2**36 in a sum: 64-bit integers are exact.
    a, b, c = factors.astype(np.int64).transpose(1, 0, 2)
    built = np.einsum("ri,rj,rk->ijk", a, b, c, optimize=True)
    wrong = int((built != WANTED).sum())
    return Score(
        metrics={"score": float(len(factors)), "wrong": float(wrong)},
        feasible=wrong == 0,
        feedback="" if wrong == 0 else f"{wrong} of 4096 coefficients are wrong",
        margins=(-float(wrong),),
    )
