/**
 * Threefry-2x32, 20 rounds, on one pair of words (Salmon et al., SC 2011, doi:10.1145/2063384.2063405).
 */
const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/** The two result words of a key and a counter, all uint32. */
export function threefry(key0: number, key1: number, counter0: number, counter1: number): [number, number] {
  const keys = [key0, key1, key0 ^ key1 ^ 0x1bd11bda] as const;
  let x = (counter0 + key0) | 0;
  let y = (counter1 + key1) | 0;
  for (let round = 0; round < 20; round++) {
    const bits = rotations[round % 8] as number;
    x = (x + y) | 0;
    y = ((y << bits) | (y >>> (32 - bits))) ^ x;
    if (round % 4 !== 3) continue;
    const injection = (round + 1) / 4;
    x = (x + (keys[injection % 3] as number)) | 0;
    y = (y + (keys[(injection + 1) % 3] as number) + injection) | 0;
  }
  return [x >>> 0, y >>> 0];
}
