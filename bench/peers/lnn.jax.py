"""`lnn` in JAX: see lnn_jax.py."""

from lnn_jax import jitted_lnn  # first: it sets the threads before JAX starts
from harness import serve

serve(jitted_lnn(hidden=2, units=128, steps=20))
