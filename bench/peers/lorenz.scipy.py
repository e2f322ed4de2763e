"""`lorenz` in SciPy with DOP853, the fastest of its Runge-Kutta methods here."""

from lorenz_scipy import serve

serve("DOP853")
