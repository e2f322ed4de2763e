"""`lorenz` in diffrax with Tsit5."""

from lorenz_diffrax import diffrax, serve

serve(diffrax.Tsit5())
