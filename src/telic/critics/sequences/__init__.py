"""Worth of sequences: an autoregressive model blended with what aligned relatives show.

After Notin et al. (2022), "Tranception: Protein Fitness Prediction with Autoregressive Transformers
and Inference-time Retrieval". :func:`site_log_probabilities` turns an alignment into a prior,
:func:`blended_scores` joins it in log space with a model's own log probabilities in both
directions. The model itself needs ``telic[learn]`` and is in
:mod:`telic.critics.sequences.transformer`; any other that gives log probabilities will do.
"""

from telic.critics.sequences._alignment import sequence_weights, site_log_probabilities
from telic.critics.sequences._blend import DirectedLogs, blended_scores

__all__ = ["DirectedLogs", "blended_scores", "sequence_weights", "site_log_probabilities"]
