"""Find a short ruler with 12 marks whose differences are all different."""

# EVOLVE-BLOCK-START


def marks():
    """Add the smallest mark that repeats no difference."""
    chosen = [0]
    seen = set()
    mark = 0
    while len(chosen) < 12:
        mark += 1
        differences = {mark - other for other in chosen}
        if not differences & seen:
            chosen.append(mark)
            seen |= differences
    return chosen


# EVOLVE-BLOCK-END
