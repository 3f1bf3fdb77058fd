/** The rows with one of them so many places further down, or up. */
export function moved<Row>(rows: readonly Row[], place: number, by: number): Row[] {
  const left = rows.filter((_, other) => other !== place);
  const row = rows[place] as Row;
  const to = Math.min(left.length, Math.max(0, place + by));
  return [...left.slice(0, to), row, ...left.slice(to)];
}
