#!/bin/sh
# Makes the Python environment of the truth: bench/accuracy/.venv, a few megabytes. gmpy2 brings MPFR.
set -eu
cd "$(dirname "$0")"
"${PYTHON:-python3}" -m venv .venv
.venv/bin/python -m pip install --quiet --no-deps --requirement requirements.txt
.venv/bin/python -c 'import gmpy2; print(gmpy2.mpfr_version())'
