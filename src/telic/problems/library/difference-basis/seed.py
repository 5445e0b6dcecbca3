"""Find a small set of integers whose differences cover a long range."""

# EVOLVE-BLOCK-START

BASE = 10


def build():
    """Return the multiples of the base and what is below it."""
    small = list(range(BASE))
    large = [BASE * k for k in range(1, BASE)]
    return small + large


# EVOLVE-BLOCK-END
