/** The exponent of a float64, by its bits: the language leaves `2 ** k` to the engine. */

const cell = new DataView(new ArrayBuffer(8));

/** x 2^k, rounded once; -1100 <= k <= 1100. */
export function timesPowerOfTwo(x: number, k: number): number {
  if (k > 1023) return x * powerOfTwo(1023) * powerOfTwo(k - 1023);
  // Below the normal numbers in one last step, so that there is one rounding.
  if (k < -1022) return x * powerOfTwo(k + 200) * powerOfTwo(-200);
  return x * powerOfTwo(k);
}

/** x = 2^k m with 1 <= m < 2. x positive and finite. */
export function splitBinary(x: number): { readonly k: number; readonly m: number } {
  const small = x < 2.2250738585072014e-308;
  cell.setFloat64(0, small ? x * 18014398509481984 : x);
  const high = cell.getUint32(0);
  cell.setUint32(0, (high & 0x000fffff) | 0x3ff00000);
  return { k: (high >>> 20) - 1023 - (small ? 54 : 0), m: cell.getFloat64(0) };
}

/** 2^k, -1022 <= k <= 1023. */
function powerOfTwo(k: number): number {
  cell.setUint32(4, 0);
  cell.setUint32(0, (k + 1023) << 20);
  return cell.getFloat64(0);
}
