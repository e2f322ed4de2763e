/** A name with its unit as the user writes them; "" where there is no unit. */
export interface Quantity {
  readonly name: string;
  readonly unit: string;
}
