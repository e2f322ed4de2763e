"""`lorenz-dopri5` in torchdiffeq with dopri5."""

from lorenz_torchdiffeq import serve

serve("dopri5")
