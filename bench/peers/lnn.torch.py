"""`lnn` in PyTorch eager, derivatives written out: see lnn_torch.py."""

from harness import serve
from lnn_torch import eager_lnn

serve(eager_lnn(hidden=2, units=128, steps=20))
