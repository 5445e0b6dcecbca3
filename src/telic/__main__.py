"""``python -m telic``: the same as the ``telic`` command."""

import sys

from telic.cli import main

if __name__ == "__main__":
    sys.exit(main())
