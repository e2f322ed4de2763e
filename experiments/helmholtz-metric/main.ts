/**
 * `npm run experiment -- helmholtz-metric [--only kepler] [--seed 0] [--target native] …`: `leastaction reproduce
 * helmholtz-metric` at the published size, whose results are this folder. What is done is not done again: a call for
 * trainings that are all done puts the table together.
 */
const folder = "experiments/helmholtz-metric";
const program = new URL("../../../apps/cli/bin/leastaction.js", import.meta.url);
const [node = "node", , ...words] = process.argv;

process.argv = [node, program.pathname, "reproduce", "helmholtz-metric", "--out", folder, "--resume", ...words];
await import(program.href);

export {};
