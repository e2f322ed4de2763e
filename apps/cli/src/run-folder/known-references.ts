/** The papers and books that the models of the library cite, as a reader's reference list needs them. */

/** A reference with its fields; `sign` is what a model's citation is recognised by. */
export interface KnownReference {
  /** An arXiv number, or a name and a year as they stand in the citation. */
  readonly sign: string;
  readonly key: string;
  readonly kind: "article" | "book" | "inproceedings" | "misc";
  readonly author: string;
  readonly title: string;
  readonly year: string;
  /** Journal, proceedings or publisher, with volume and pages. */
  readonly where?: string;
}

export const knownReferences: readonly KnownReference[] = [
  {
    sign: "1806.07366",
    key: "chen2018",
    kind: "inproceedings",
    author: "Chen, Ricky T. Q. and Rubanova, Yulia and Bettencourt, Jesse and Duvenaud, David",
    title: "Neural Ordinary Differential Equations",
    year: "2018",
    where: "Advances in Neural Information Processing Systems 31",
  },
  {
    sign: "pnas.1517384113",
    key: "brunton2016",
    kind: "article",
    author: "Brunton, Steven L. and Proctor, Joshua L. and Kutz, J. Nathan",
    title: "Discovering Governing Equations from Data by Sparse Identification of Nonlinear Dynamical Systems",
    year: "2016",
    where: "Proceedings of the National Academy of Sciences 113, 3932–3937",
  },
  {
    sign: "2510.06367",
    key: "wolf2025",
    kind: "misc",
    author: "Wolf, Luca and Buck, Tobias and Schäfer, Björn Malte",
    title: "Lagrangian neural ODEs: Measuring the existence of a Lagrangian with Helmholtz metrics",
    year: "2025",
    where: "NeurIPS workshop Machine Learning and the Physical Sciences",
  },
  {
    sign: "S0002-9947-1941-0004740-5",
    key: "douglas1941",
    kind: "article",
    author: "Douglas, Jesse",
    title: "Solution of the Inverse Problem of the Calculus of Variations",
    year: "1941",
    where: "Transactions of the American Mathematical Society 50, 71–128",
  },
  {
    sign: "2003.04630",
    key: "cranmer2020",
    kind: "misc",
    author:
      "Cranmer, Miles and Greydanus, Sam and Hoyer, Stephan and Battaglia, Peter and Spergel, David and Ho, Shirley",
    title: "Lagrangian Neural Networks",
    year: "2020",
  },
  {
    sign: "1907.04490",
    key: "lutter2019",
    kind: "inproceedings",
    author: "Lutter, Michael and Ritter, Christian and Peters, Jan",
    title: "Deep Lagrangian Networks: Using Physics as Model Prior for Deep Learning",
    year: "2019",
    where: "International Conference on Learning Representations",
  },
  {
    sign: "2006.07220",
    key: "norcliffe2020",
    kind: "inproceedings",
    author: "Norcliffe, Alexander and Bodnar, Cristian and Day, Ben and Simidjievski, Nikola and Liò, Pietro",
    title: "On Second Order Behaviour in Augmented Neural ODEs",
    year: "2020",
    where: "Advances in Neural Information Processing Systems 33",
  },
  {
    sign: "1906.01563",
    key: "greydanus2019",
    kind: "inproceedings",
    author: "Greydanus, Sam and Dzamba, Misko and Yosinski, Jason",
    title: "Hamiltonian Neural Networks",
    year: "2019",
    where: "Advances in Neural Information Processing Systems 32",
  },
  {
    sign: "2201.10085",
    key: "sosanya2022",
    kind: "misc",
    author: "Sosanya, Andrew and Greydanus, Sam",
    title: "Dissipative Hamiltonian Neural Networks: Learning Dissipative and Conservative Dynamics Separately",
    year: "2022",
  },
  {
    sign: "2002.08860",
    key: "zhong2020",
    kind: "misc",
    author: "Zhong, Yaofeng Desmond and Dey, Biswadip and Chakraborty, Amit",
    title: "Dissipative SymODEN: Encoding Hamiltonian Dynamics with Dissipation and Control into Deep Learning",
    year: "2020",
  },
  {
    sign: "2107.08024",
    key: "desai2021",
    kind: "article",
    author: "Desai, Shaan A. and Mattheakis, Marios and Sondak, David and Protopapas, Pavlos and Roberts, Stephen J.",
    title: "Port-Hamiltonian Neural Networks for Learning Explicit Time-Dependent Dynamical Systems",
    year: "2021",
    where: "Physical Review E 104, 034312",
  },
  {
    sign: "2205.06231",
    key: "kaheman2022",
    kind: "misc",
    author:
      "Kaheman, Kadierdan and Fasel, Urban and Bramburger, Jason J. and Strom, Benjamin and Kutz, J. Nathan and Brunton, Steven L.",
    title: "The Experimental Multi-Arm Pendulum on a Cart: A Benchmark System for Chaos, Learning, and Control",
    year: "2022",
  },
  {
    sign: "Ljung 1999",
    key: "ljung1999",
    kind: "book",
    author: "Ljung, Lennart",
    title: "System Identification: Theory for the User",
    year: "1999",
    where: "Prentice Hall, 2nd edition",
  },
  {
    sign: "Nayfeh, Mook 1979",
    key: "nayfeh1979",
    kind: "book",
    author: "Nayfeh, Ali H. and Mook, Dean T.",
    title: "Nonlinear Oscillations",
    year: "1979",
    where: "Wiley",
  },
];
