"""`lorenz-dopri5` in diffrax with Dopri5."""

from lorenz_diffrax import diffrax, serve

serve(diffrax.Dopri5())
