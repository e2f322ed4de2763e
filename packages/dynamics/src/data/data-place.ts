/** A place in the data: a recording, and a time on its clock. */
export interface DataPlace {
  readonly trajectory: string;
  /** s. */
  readonly time: number;
}
