"""Find a sequence of signs with small autocorrelations."""

# EVOLVE-BLOCK-START

LENGTH = 64


def signs():
    """Return the Rudin-Shapiro sequence: the parity of the pairs of neighbouring one bits."""
    return [1 - 2 * ((k & (k >> 1)).bit_count() % 2) for k in range(LENGTH)]


# EVOLVE-BLOCK-END
