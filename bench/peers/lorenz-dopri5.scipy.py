"""`lorenz-dopri5` in SciPy: RK45 is the same pair."""

from lorenz_scipy import serve

serve("RK45")
