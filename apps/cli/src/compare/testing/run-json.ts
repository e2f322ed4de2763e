/** The content of a finished `run.json`, with errors as a test wants them. */

export interface RunJson {
  readonly measurements?: string;
  readonly uses?: readonly string[];
  readonly observe?: number;
  readonly status?: string;
  readonly timeBudget?: number | null;
  /** For each model, for each seed, the error of each test recording in deg. */
  readonly errors?: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly kind?: string;
  /** Steps of each seed. */
  readonly steps?: number;
}

/** Two models and seven test recordings when nothing is said. */
export function runJson(options: RunJson = {}): Record<string, unknown> {
  const { errors = { pendulum: [[1, 1, 1, 1, 1, 1, 1]], hold: [[9, 8, 7, 6, 5, 4, 3]] }, kind = "grey-box" } = options;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const shown = (value: number) => ({ rmse: { theta: value }, fit: { theta: 100 - value }, validTime: 10 / value });
  return {
    format: "leastaction-run",
    schema: 1,
    status: options.status ?? "finished",
    configuration: { timeBudget: options.timeBudget ?? null },
    data: [{ file: "swing.csv", measurements: options.measurements ?? "abc" }],
    result: {
      model: Object.keys(errors)[0],
      uses: options.uses ?? ["train: run1", "test: run2, used once"],
      observe: options.observe ?? 0.5,
      ranking: Object.keys(errors).map((model) => ({ model, kind })),
      members: Object.entries(errors).flatMap(([model, seeds]) =>
        seeds.map((pieces, seed) => ({
          model,
          seed,
          steps: options.steps ?? 100,
          seconds: 2,
          test: {
            ...shown(mean(pieces)),
            units: { theta: "deg", time: "s" },
            pieces: pieces.map((value, i) => ({ trajectory: `run${i + 2}`, ...shown(value) })),
          },
        })),
      ),
    },
  };
}
