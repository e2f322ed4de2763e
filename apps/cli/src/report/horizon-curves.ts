/**
 * Error against horizon, from the forecasts of all test trajectories.
 *
 * Time since the end of the observed part is cut into bins of at least a period, so that the error of a swing does not
 * show as waves; in each bin the squared errors of all trajectories are
 * averaged, and so are the half widths of their bands. A bin without a measured value is left out.
 */
import type { ForecastPanel } from "@leastaction/dynamics";
import type { HorizonCurve } from "./report-content.ts";

const mostBins = 40;
const leastBins = 6;

/**
 * One curve for each coordinate among the panels.
 * @param period the shortest swing, in the unit of time; 0 where nothing swings
 */
export function horizonCurves(panels: readonly ForecastPanel[], period: number): readonly HorizonCurve[] {
  const names = [...new Set(panels.map((panel) => panel.coordinate.name))];
  return names.map((name) =>
    curveOf(
      panels.filter((panel) => panel.coordinate.name === name),
      period,
    ),
  );
}

function curveOf(panels: readonly ForecastPanel[], period: number): HorizonCurve {
  const { coordinate, time } = panels[0] as ForecastPanel;
  const longest = Math.max(
    ...panels.map(({ times, observedUntil }) => (times.at(-1) ?? observedUntil) - observedUntil),
  );
  const swings = period > 0 ? Math.floor(longest / period) : mostBins;
  const bins = Math.min(mostBins, Math.max(leastBins, swings));
  const counts = new Float64Array(bins);
  const squares = new Float64Array(bins);
  const widths = new Float64Array(bins);
  for (const { times, truth, forecast, low, high, observedUntil } of panels) {
    for (const [row, at] of times.entries()) {
      const error = (forecast[row] as number) - (truth[row] as number);
      if (at <= observedUntil || !Number.isFinite(error)) continue;
      const bin = Math.min(bins - 1, Math.floor(((at - observedUntil) / longest) * bins));
      counts[bin] = (counts[bin] as number) + 1;
      squares[bin] = (squares[bin] as number) + error * error;
      widths[bin] = (widths[bin] as number) + ((high[row] as number) - (low[row] as number)) / 2;
    }
  }
  const filled = [...counts.keys()].filter((bin) => (counts[bin] as number) > 0);
  const over = (sums: Float64Array, bin: number): number => (sums[bin] as number) / (counts[bin] as number);
  return {
    coordinate,
    time,
    horizons: Float64Array.from(filled, (bin) => ((bin + 0.5) * longest) / bins),
    rmse: Float64Array.from(filled, (bin) => Math.sqrt(over(squares, bin))),
    halfWidth: Float64Array.from(filled, (bin) => over(widths, bin)),
  };
}
