"""`lorenz` in torchdiffeq with tsit5."""

from lorenz_torchdiffeq import serve

serve("tsit5")
