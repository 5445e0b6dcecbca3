"""Cover a 16 by 16 grid but for one square in each row and column."""

# EVOLVE-BLOCK-START

SIZE = 16


def hole(row):
    """Return the column of the square that stays uncovered in a row."""
    return row


def tiles():
    """Cover the rest greedily: extend each tile to the right, then downwards."""
    free = [[column != hole(row) for column in range(SIZE)] for row in range(SIZE)]
    placed = []
    for top in range(SIZE):
        for left in range(SIZE):
            if not free[top][left]:
                continue
            right = left
            while right + 1 < SIZE and free[top][right + 1]:
                right += 1
            bottom = top
            while bottom + 1 < SIZE and all(free[bottom + 1][left : right + 1]):
                bottom += 1
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    free[row][column] = False
            placed.append([top, left, bottom, right])
    return placed


# EVOLVE-BLOCK-END
