/** The opening of every `--help`: real calls, each complete. */
export function examples(...calls: readonly string[]): string {
  return `Examples:\n${calls.map((call) => `  leastaction ${call}\n`).join("")}`;
}
