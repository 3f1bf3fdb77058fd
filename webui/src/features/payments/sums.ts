/** Argentina's notes worth handing over, in minor units. */
const NOTES_MINOR = [1_000_00, 2_000_00, 10_000_00, 20_000_00];
const PESO_MINOR = 100;

/** What a guest is likely to hand over for a sum, besides the sum itself: the next ones that whole notes make. */
export function cashSums(dueMinor: number): number[] {
  if (dueMinor <= 0) return [];
  const sums = NOTES_MINOR.map((note) => Math.ceil(dueMinor / note) * note).filter((sum) => sum > dueMinor);
  return [...new Set(sums)].sort((a, b) => a - b);
}

/** The first part of a balance divided evenly: whole pesos for the others, so that the first takes what is left over. */
export function firstPart(balanceMinor: number, ways: number): number {
  if (ways <= 1) return balanceMinor;
  const others = Math.floor(balanceMinor / ways / PESO_MINOR) * PESO_MINOR;
  return balanceMinor - others * (ways - 1);
}

/** A tip of so many basis points, in whole pesos. */
export function tipOf(amountMinor: number, basisPoints: number): number {
  return Math.round((amountMinor * basisPoints) / 10_000 / PESO_MINOR) * PESO_MINOR;
}

/** What becomes of cash on the table: how much of it pays, and what goes back. */
export interface CashSplit {
  amountMinor: number;
  changeMinor: number;
  /** What this part still lacks. */
  shortMinor: number;
}

/** The tip comes first, then the part that is due; what is more goes back. Less than the part pays some of it. */
export function splitCash(cash: { tenderedMinor: number; dueMinor: number; tipMinor: number }): CashSplit {
  const room = Math.max(0, cash.tenderedMinor - cash.tipMinor);
  const amountMinor = Math.min(room, cash.dueMinor);
  return { amountMinor, changeMinor: room - amountMinor, shortMinor: cash.dueMinor - amountMinor };
}
