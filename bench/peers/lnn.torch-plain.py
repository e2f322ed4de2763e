"""`lnn` in PyTorch eager as most users write it: see lnn_plain_torch.py."""

from harness import serve
from lnn_plain_torch import plain_peer

serve(plain_peer(hidden=2, units=128, steps=20))
