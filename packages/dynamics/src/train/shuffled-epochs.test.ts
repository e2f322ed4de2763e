import { describe, expect, it } from "vitest";
import { hostRandom } from "../random/host-random.ts";
import { shuffledEpochs } from "./shuffled-epochs.ts";

describe("shuffledEpochs", () => {
  it("gives every row once an epoch, in batches of one size that go on into the next", () => {
    const rows = shuffledEpochs(hostRandom(3), 10, 4);
    const all = [0, 1, 2, 3, 4].flatMap(rows);
    const epochs = [all.slice(0, 10), all.slice(10)];
    for (const epoch of epochs) {
      expect(new Set(epoch).size).toBe(10);
      expect(epoch).not.toEqual([...epoch].sort((a, b) => a - b));
    }
    expect(epochs[0]).not.toEqual(epochs[1]);
  });

  it("knows a batch by its number alone", () => {
    const [one, other] = [shuffledEpochs(hostRandom(3), 10, 4), shuffledEpochs(hostRandom(3), 10, 4)];
    const later = one(4);
    expect([one(0), one(4)]).toEqual([other(0), later]);
    expect(other(4)).toEqual(later);
    expect(shuffledEpochs(hostRandom(4), 10, 4)(0)).not.toEqual(other(0));
  });
});
