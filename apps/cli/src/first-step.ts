/** What the program says when it is called with nothing. */
export const firstStep: string = `leastaction learns the law of motion behind measured trajectories.

First step, with a table of your own (a time column, then angles or positions; CSV, TSV or white space):

  leastaction inspect my-table.csv
  leastaction fit my-table.csv

The first says what is in the table and what is odd about it; the second trains, and ends with a folder whose report.html opens offline.
Without a table, make one first:

  leastaction simulate pendulum --trajectories 4 --noise 0.01 --out pendulum.csv
  leastaction fit pendulum.csv

Then forecast with what was learned:

  leastaction predict runs/pendulum-1 --data pendulum.csv --observe 0.5 --out forecast.csv

All commands: leastaction --help. What this machine offers: leastaction doctor.
`;
