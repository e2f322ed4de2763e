/**
 * How far a float is from a number that is written with 50 digits, in exact arithmetic.
 */

/** The fraction bits that are kept of the result. */
const places = 40;

/** A float64 from the hexadecimal digits of its bits. */
export function fromHex(digits: string): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${digits}`));
  return view.getFloat64(0);
}

/** The distance of neighbouring floats at y, as a power of two. */
function exponentOfUnit(y: number, dtype: "float32" | "float64"): number {
  const [precision, least, greatest] = dtype === "float32" ? [24, -126, 127] : [53, -1022, 1023];
  if (y === 0) return least - precision + 1;
  const size = Math.abs(y);
  let exponent = Math.floor(Math.log2(size));
  if (2 ** exponent > size) exponent--;
  return Math.min(greatest, Math.max(least, exponent)) - precision + 1;
}

/**
 * `found` less the number of `digits`, in units of the last place of a float of the type next to that number, signed. An
 * infinity counts as the first power of two that is too large; NaN is infinitely far.
 */
export function errorInUnits(found: number, digits: string, dtype: "float32" | "float64"): number {
  const [mantissa, exponent = "0"] = digits.split("e") as [string, string?];
  if (Number.isNaN(found) || mantissa.endsWith("inf"))
    return found === Number(digits.replace("inf", "Infinity")) ? 0 : Infinity;
  const unit = exponentOfUnit(Number(digits), dtype);
  const [whole, fraction = ""] = mantissa.split(".") as [string, string?];
  const power = Number(exponent) - fraction.length;
  const truth = scaled(BigInt(whole + fraction), power, places - unit);
  const top = dtype === "float32" ? 128 : 1024;
  const tooLarge = 2n ** BigInt(top - unit + places);
  const clamped = truth > tooLarge ? tooLarge : truth < -tooLarge ? -tooLarge : truth;
  return Number(bitsOf(found, tooLarge, places - unit) - clamped) / 2 ** places;
}

/** integer 10^power 2^shift, cut to an integer. */
function scaled(integer: bigint, power: number, shift: number): bigint {
  const above = integer * 10n ** BigInt(Math.max(0, power)) * 2n ** BigInt(Math.max(0, shift));
  return above / (10n ** BigInt(Math.max(0, -power)) * 2n ** BigInt(Math.max(0, -shift)));
}

/** found 2^shift. */
function bitsOf(found: number, tooLarge: bigint, shift: number): bigint {
  if (!Number.isFinite(found)) return found > 0 ? tooLarge : -tooLarge;
  if (found === 0) return 0n;
  const exponent = exponentOfUnit(found, "float64");
  const integer = BigInt((found / 2 ** Math.max(exponent, -1000)) * (exponent < -1000 ? 2 ** (-1000 - exponent) : 1));
  return scaled(integer, 0, exponent + shift);
}
