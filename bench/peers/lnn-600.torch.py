"""`lnn-600` in PyTorch eager, derivatives written out: see lnn_torch.py."""

from harness import serve
from lnn_torch import eager_lnn

serve(eager_lnn(hidden=3, units=600, steps=2))
