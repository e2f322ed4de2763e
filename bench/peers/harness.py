"""What every peer has in common: the random streams, the clock and the talk with `bench/main.ts`.

A peer builds `Peer` (restart, run n steps, the first step's loss and gradient norm) and calls `serve`. With no argument it
prints one line of JSON facts, then answers each line `steps repeats` on its input with one line
{"ms": per step, "loss": of the last step}. With `--alone` it measures itself in rounds and prints one object.
Import this before torch or jax: it limits them to as many threads as the variable BENCH_THREADS says, one if it is not set.
"""

import json
import os
import statistics
import sys
import time
from dataclasses import dataclass
from typing import Callable

THREADS = int(os.environ.get("BENCH_THREADS", "1"))

os.environ.setdefault("OMP_NUM_THREADS", str(THREADS))
os.environ.setdefault("MKL_NUM_THREADS", str(THREADS))
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
if THREADS == 1:
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")

import numpy as np  # noqa: E402  (after the environment)


def keep_to_cores() -> None:
    """To as many cores as threads: XLA sizes its thread pools by this."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-THREADS:])


def lowbias32(x: np.ndarray) -> np.ndarray:
    x = x.astype(np.uint32)
    x = x ^ (x >> np.uint32(16))
    x = x * np.uint32(0x7FEB352D)
    x = x ^ (x >> np.uint32(15))
    x = x * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def uniform(stream: int, numbers: np.ndarray) -> np.ndarray:
    """Numbers of a stream in (0, 1), float64."""
    seed = (np.asarray(numbers, dtype=np.uint64) + np.uint64(stream * 0x9E3779B9)) % np.uint64(2**32)
    return (lowbias32(seed).astype(np.float64) + 0.5) / 2.0**32


def normal(stream: int, numbers: np.ndarray) -> np.ndarray:
    """Box and Muller on numbers 2i and 2i + 1, float64."""
    i = np.asarray(numbers, dtype=np.uint64)
    return np.sqrt(-2 * np.log(uniform(stream, 2 * i))) * np.cos(2 * np.pi * uniform(stream, 2 * i + 1))


class StartParameters:
    """A stream, 0 unless said otherwise, taken one number after another: U(-1/sqrt(inputs), 1/sqrt(inputs))."""

    def __init__(self, stream: int = 0) -> None:
        self.stream, self.next = stream, 0

    def take(self, inputs: int, *shape: int) -> np.ndarray:
        count = int(np.prod(shape))
        u = uniform(self.stream, np.arange(self.next, self.next + count))
        self.next += count
        return ((2 * u - 1) / np.sqrt(inputs)).reshape(shape)


@dataclass
class Peer:
    restart: Callable[[], None]  # start parameters, empty optimiser state
    run: Callable[[int], None]  # that many steps, all finished on return
    loss: Callable[[], float]  # of the last step
    first: Callable[[], tuple[float, float]]  # loss and gradient norm at the start parameters, and the first call
    steps: int  # of one round when it measures itself
    dtype: str = "float32"


def time_of_round(peer: Peer, steps: int, repeats: int) -> float:
    total = 0.0
    for _ in range(repeats):
        peer.restart()
        begin = time.perf_counter()
        peer.run(steps)
        total += time.perf_counter() - begin
    return total * 1e3 / (steps * repeats)


def serve(peer: Peer) -> None:
    begin = time.perf_counter()
    loss, norm = peer.first()
    first_call = (time.perf_counter() - begin) * 1e3
    facts = {"loss": loss, "gradientNorm": norm, "bytes": None, "firstCallMs": first_call}
    facts |= {"dtype": peer.dtype, "threads": THREADS}
    time_of_round(peer, peer.steps, 1)
    if sys.argv[1:] == ["--alone"]:
        rounds = sorted(time_of_round(peer, peer.steps, 1) for _ in range(7))
        facts |= {"medianMs": statistics.median(rounds), "minMs": rounds[0], "maxMs": rounds[-1]}
    print(json.dumps(facts), flush=True)
    if "medianMs" in facts:
        return
    for line in sys.stdin:
        steps, repeats = map(int, line.split())
        ms = time_of_round(peer, steps, repeats)
        print(json.dumps({"ms": ms, "loss": peer.loss()}), flush=True)
