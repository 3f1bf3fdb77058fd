import { areRows, idsOf, inOrder, isEqual, isFields, keysOf, type Path, type Row } from "./document";

/** A piece that both changed, each in another way. */
export interface Clash {
  path: Path;
  base: unknown;
  ours: unknown;
  theirs: unknown;
}

/**
 * What both made of it: each piece as whoever changed it left it. Where both did, ours stays and `onclash` hears of it.
 * A row that one took away and the other changed is such a piece too.
 */
export function merged(
  base: unknown,
  ours: unknown,
  theirs: unknown,
  onclash: (clash: Clash) => void = () => undefined,
  path: Path = [],
): unknown {
  if (isEqual(ours, theirs) || isEqual(theirs, base)) return ours;
  if (isEqual(ours, base)) return theirs;
  if (isFields(ours) && isFields(theirs)) {
    const from = isFields(base) ? base : {};
    const parts = keysOf(theirs, ours).map((key) => {
      return [key, merged(from[key], ours[key], theirs[key], onclash, [...path, key])] as const;
    });
    return Object.fromEntries(parts.filter(([, part]) => part !== undefined));
  }
  if (areRows(ours, theirs)) {
    const from = areRows(base, ours) ? (base as Row[]) : [];
    return mergedRows(from, ours as Row[], theirs as Row[], onclash, path);
  }
  onclash({ path, base, ours, theirs });
  return ours;
}

function mergedRows(base: Row[], ours: Row[], theirs: Row[], onclash: (clash: Clash) => void, path: Path): Row[] {
  const lists = [base, ours, theirs].map((rows) => new Map(rows.map((row) => [row.id, row])));
  const ids = [...new Set([...idsOf(theirs), ...idsOf(ours)])];
  const rows = ids.flatMap((id) => {
    const [was, our, their] = lists.map((rows) => rows.get(id));
    const row = merged(was, our, their, onclash, [...path, id]) as Row | undefined;
    return row === undefined ? [] : [row];
  });
  const [first, second] = isMoved(base, ours) ? [ours, theirs] : [theirs, ours];
  const asSecond = [...orderOf(second, rows), ...orderOf(rows, first)];
  const byId = new Map(rows.map((row) => [row.id, row]));
  const inSecond = [...new Set(asSecond)].flatMap((id) => byId.get(id) ?? []);
  return inOrder(inSecond, orderOf(first, rows));
}

/** Whether rows that were there before stand in another order now. */
function isMoved(base: Row[], ours: Row[]): boolean {
  return !isEqual(orderOf(base, ours), orderOf(ours, base));
}

/** The ids of those rows that are in both, in the order of the first. */
function orderOf(rows: Row[], others: Row[]): string[] {
  const known = new Set(idsOf(others));
  return idsOf(rows).filter((id) => known.has(id));
}
