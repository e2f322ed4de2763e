#!/bin/sh
# Makes the Python environment of the peers: bench/peers/.venv, about 6 GB (the published torch wheel for Linux brings CUDA;
# nothing here uses it). Everything is pinned in requirements.txt, so --no-deps keeps the set exactly as measured.
set -eu
cd "$(dirname "$0")"
"${PYTHON:-python3}" -m venv .venv
.venv/bin/python -m pip install --quiet --no-deps --requirement requirements.txt
.venv/bin/python -c 'import torch, jax, numpy; print("torch", torch.__version__, "jax", jax.__version__, "numpy", numpy.__version__)'
