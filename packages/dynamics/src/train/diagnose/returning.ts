/**
 * Whether motions come back to where they were. The long-time mean of tr(df/dv) is that of any coordinates only for motion
 * that stays in bounds: what flies away loses volume in some coordinates and keeps it in others.
 */
import type { MotionStates } from "./scaled-motion.ts";

/** Beyond the range of the first half, as a share of it, that is still there. */
const slack = 0.02;
/** A motion whose speed in its last tenth is this share of its usual one has come to rest. */
const restShare = 0.02;
const fewestRows = 8;

/**
 * The share of the second half of each motion that lies in the range of its first half, mean over the motions, of the
 * coordinate that comes back least; 1 for a motion that ends at rest. 0 to 1; NaN without a motion of eight times.
 */
export function returningShare(motions: readonly MotionStates[], coordinates: number): number {
  const long = motions.filter(({ times }) => times.length >= fewestRows);
  const shares = Array.from({ length: coordinates }, (_, i) => {
    const each = long.map((motion) =>
      shareOf(column(motion.positions, coordinates, i), column(motion.velocities, coordinates, i)),
    );
    return each.reduce((sum, share) => sum + share, 0) / each.length;
  });
  return Math.min(...shares);
}

function column(values: Float64Array, width: number, i: number): Float64Array {
  return values.filter((_, at) => at % width === i);
}

function shareOf(positions: Float64Array, velocities: Float64Array): number {
  const rows = positions.length;
  if (speed(velocities.subarray(Math.floor(0.9 * rows))) < restShare * speed(velocities)) return 1;
  const [first, second] = [positions.subarray(0, rows >> 1), positions.subarray(rows >> 1)];
  const [low, high] = [Math.min(...first), Math.max(...first)];
  const beyond = slack * (high - low);
  return second.filter((value) => value >= low - beyond && value <= high + beyond).length / second.length;
}

function speed(velocities: Float64Array): number {
  return Math.sqrt(velocities.reduce((sum, value) => sum + value ** 2, 0) / velocities.length);
}
