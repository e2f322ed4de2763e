"""`spiral-node-tsit5` in diffrax with Tsit5."""

from spiral_node_jax import diffrax, run

run(diffrax.Tsit5())
