/** One choice of a group of chips, a tab or a list. */
export interface Option {
  value: string;
  label: string;
  /** Small text after the label: a price, a count. */
  detail?: string;
  disabled?: boolean;
}
