/** The exponent of growth: the slope of the least-squares line through (log x, log y). */
export function growthOf(points: readonly (readonly [x: number, y: number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x0, y0] = [mean(logs.map(([x]) => x)), mean(logs.map(([, y]) => y))];
  const covariance = mean(logs.map(([x, y]) => (x - x0) * (y - y0)));
  return covariance / mean(logs.map(([x]) => (x - x0) ** 2));
}
