/**
 * What each pays when a bill and a tip on it are shared evenly, in whole pesos: the cents go up, so that the parts
 * cover it. For talking at the table; the till splits to the cent.
 */
export function shareOf(leftMinor: number, { people, tipPercent }: { people: number; tipPercent: number }): number {
  const withTip = (leftMinor * (100 + tipPercent)) / 100;
  return Math.ceil(withTip / people / 100) * 100;
}
