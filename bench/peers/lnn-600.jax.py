"""`lnn-600` in JAX: see lnn_jax.py."""

from lnn_jax import jitted_lnn  # first: it sets the threads before JAX starts
from harness import serve

serve(jitted_lnn(hidden=3, units=600, steps=2))
