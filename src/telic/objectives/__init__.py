"""How measures become one comparable worth.

An :class:`Objective` is what a problem declares: one metric, or several ``terms`` composed by
weights, as a soft conjunction, in lexicographic order, by the worst, or as a Pareto front; under
constraints; with a risk measure over cases and repeats. The rest are its parts, for use on their
own: transforms, risk measures, fronts, learned multipliers, decision rules and exact policies.
Importing it loads no array library.
"""

from telic.objectives._compose import compose
from telic.objectives._decisions import (
    CalibrationBin,
    CalibrationReport,
    Rule,
    calibration_report,
    choice_probabilities,
    decide,
    utilities_of,
)
from telic.objectives._multipliers import Form, Multipliers, Simplex
from telic.objectives._objective import Assessment, Objective
from telic.objectives._pareto import (
    case_winners,
    crowding_distances,
    dominates,
    front,
    fronts,
    hypervolume,
    knee,
)
from telic.objectives._policies import divergence, natural_step, tilt, tilt_by, tilt_to
from telic.objectives._risk import at_risk, conditional_value_at_risk
from telic.objectives._temperature import fit_temperature
from telic.objectives._thresholds import Pursuit, ThresholdSearch
from telic.objectives._transforms import affine, log_sigmoid, quantile, rank, reference_points

__all__ = [
    "Assessment",
    "CalibrationBin",
    "CalibrationReport",
    "Form",
    "Multipliers",
    "Objective",
    "Pursuit",
    "Rule",
    "Simplex",
    "ThresholdSearch",
    "affine",
    "at_risk",
    "calibration_report",
    "case_winners",
    "choice_probabilities",
    "compose",
    "conditional_value_at_risk",
    "crowding_distances",
    "decide",
    "divergence",
    "dominates",
    "fit_temperature",
    "front",
    "fronts",
    "hypervolume",
    "knee",
    "log_sigmoid",
    "natural_step",
    "quantile",
    "rank",
    "reference_points",
    "tilt",
    "tilt_by",
    "tilt_to",
    "utilities_of",
]
