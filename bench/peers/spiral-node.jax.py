"""`spiral-node` in diffrax with Dopri5."""

from spiral_node_jax import diffrax, run

run(diffrax.Dopri5())
