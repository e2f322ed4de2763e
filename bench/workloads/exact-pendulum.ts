/**
 * The pendulum th'' = -sin th from rest, exactly: k = sin(th0 / 2), th = 2 asin(k cd(t, k)),
 * th' = -2 k sqrt(1 - k²) sd(t, k). The Jacobi functions come by descending Landen transformations (the
 * arithmetic-geometric mean): Abramowitz, Stegun, 1964, section 16.4; DLMF 22.20(ii).
 */

/** Angle and angular velocity at time t. */
export function pendulumAt(amplitude: number, t: number): readonly [number, number] {
  const k = Math.sin(amplitude / 2);
  const { sn, cn, dn } = jacobi(t, k);
  return [2 * Math.asin((k * cn) / dn), (-2 * k * Math.sqrt(1 - k * k) * sn) / dn];
}

function jacobi(u: number, k: number): { readonly sn: number; readonly cn: number; readonly dn: number } {
  const means: [a: number, c: number][] = [[1, k]];
  let b = Math.sqrt((1 - k) * (1 + k));
  for (;;) {
    const [a, c] = means.at(-1) as [number, number];
    if (Math.abs(c) < 1e-15) break;
    means.push([(a + b) / 2, (a - b) / 2]);
    b = Math.sqrt(a * b);
  }
  let phase = 2 ** (means.length - 1) * (means.at(-1) as [number, number])[0] * u;
  for (const [a, c] of means.slice(1).reverse()) phase = (phase + Math.asin((c / a) * Math.sin(phase))) / 2;
  const [sn, cn] = [Math.sin(phase), Math.cos(phase)];
  return { sn, cn, dn: Math.sqrt(1 - k * k * sn * sn) };
}
