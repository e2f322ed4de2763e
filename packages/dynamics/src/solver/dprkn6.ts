/**
 * The Runge–Kutta–Nyström pair RKN6(4)6FD for q'' = f(t, q): Dormand, El-Mikkawy, Prince, 1987, "Families of
 * Runge–Kutta–Nyström formulae", table 2, doi:10.1093/imanum/7.2.235. Order 6 with an error estimate of order 4, five
 * evaluations a step. Not symplectic.
 */
import { nystrom } from "./nystrom.ts";
import { nystromTable } from "./nystrom-table.ts";
import type { Solver } from "./solver.ts";

const root = Math.sqrt(8581);
const bBar = [
  329 / 4212,
  0,
  (84119543 + 366727 * root) / 409622616,
  (84119543 - 366727 * root) / 409622616,
  200 / 17901,
  0,
];
const b = [
  329 / 4212,
  0,
  (389225579 + 96856 * root) / 1024056540,
  (389225579 - 96856 * root) / 1024056540,
  2000 / 17901,
  1 / 20,
];
const embeddedBBar = [(2701 + 23 * root) / 4563, -(9829 + 131 * root) / 9126, (5 * (1798 + 17 * root)) / 9126, 0, 0, 0];
const embeddedB = [
  115 / 2106,
  0,
  (84119543 + 366727 * root) / 256014135,
  (84119543 - 366727 * root) / 256014135,
  6950 / 17901,
  -1 / 10,
];

/** Dormand, El-Mikkawy and Prince 6(4): adaptive steps for second-order equations. */
export const dprkn6: Solver = nystrom(
  nystromTable({
    name: "dprkn6",
    order: 6,
    embeddedOrder: 4,
    fsal: true,
    symplectic: false,
    symmetric: false,
    c: [0, (209 - root) / 900, (209 - root) / 450, (209 + root) / 450, 9 / 10, 1],
    a: [
      [],
      [(26131 - 209 * root) / 810000],
      [(26131 - 209 * root) / 607500, (26131 - 209 * root) / 303750],
      [
        (980403512254 + 7781688431 * root) / 11694469921875,
        -(1262884486208 + 15385481287 * root) / 11694469921875,
        (7166233891441 + 78694563299 * root) / 46777879687500,
      ],
      [
        (-9 * (329260 + 3181 * root)) / 27040000,
        (27 * (35129 + 3331 * root)) / 13520000,
        (-27 * (554358343 + 31040327 * root)) / 464060480000,
        (153 * (8555257 - 67973 * root)) / 2745920000,
      ],
      bBar,
    ],
    b,
    bBar,
    error: {
      b: b.map((weight, i) => weight - (embeddedB[i] as number)),
      bBar: bBar.map((weight, i) => weight - (embeddedBBar[i] as number)),
    },
    cites: ["doi:10.1093/imanum/7.2.235"],
  }),
);
