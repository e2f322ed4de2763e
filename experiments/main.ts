/**
 * `npm run experiment -- NAME …`: runs one experiment. What follows the name goes to its own script.
 */
const names = [
  "hnn",
  "real-pendulum",
  "mit-pendulum",
  "long-runs",
  "work-precision",
  "smoothing",
  "band-coverage",
  "driven-pendulum",
  "double-pendulum",
  "stopped-runs",
  "equations",
  "helmholtz-dimensions",
  "helmholtz-metric",
  "energy-loss",
  "measured-lagrangian",
  "lagrangian-ode",
  "lagrangian-ode-peers",
  "diagnose",
  "energy-of-metric",
];
const [name = "", ...rest] = process.argv.slice(2);

if (names.includes(name)) {
  const script = new URL(`./${name}/main.js`, import.meta.url);
  process.argv = [process.argv[0] as string, script.pathname, ...rest];
  await import(script.href);
} else {
  console.error(
    `Cannot run an experiment: expected ${names.join(", ")}, got ${name === "" ? "no name" : `"${name}"`}\n` +
      "Try: npm run experiment -- hnn",
  );
  process.exitCode = 2;
}
