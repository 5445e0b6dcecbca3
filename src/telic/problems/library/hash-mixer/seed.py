"""Mix the bits of a 32-bit number with shifts and multiplications."""

# EVOLVE-BLOCK-START


def steps():
    """Return the steps in the order in which they are applied."""
    return [
        ["shift", 10],
        ["multiply", 65537],
        ["shift", 10],
        ["multiply", 65537],
        ["shift", 10],
    ]


# EVOLVE-BLOCK-END
