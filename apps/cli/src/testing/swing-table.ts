/** Tables of a plain oscillation, good ones and spoilt ones: what the tests of the command line read. */

/** `rows` samples of a swing of period 1 s every 0.05 s; `spoil` may replace a line. */
export function swingTable(rows: number, spoil: (line: string, index: number) => string = (line) => line): string {
  const lines = Array.from({ length: rows }, (_, index) => {
    const time = index * 0.05;
    return spoil(`${time.toFixed(2)},${Math.sin(2 * Math.PI * time).toFixed(6)}`, index);
  });
  return `t,theta\n${lines.join("\n")}\n`;
}
