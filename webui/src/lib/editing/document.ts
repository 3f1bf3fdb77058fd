/**
 * What is edited, as a tree of plain values that is never changed in place: records by key, lists of records that have
 * an `id` by that id, and everything else (a text, a number, a list of words) as one piece.
 */

/** The way to a value: keys of records and ids of rows. */
export type Path = readonly string[];

/** One piece that was changed; `undefined` is a piece that is not there. */
export interface Write {
  path: Path;
  before: unknown;
  after: unknown;
}

export type Row = { id: string };
type Fields = Record<string, unknown>;

/** Stands in a path for the order of a list's rows. */
export const ORDER = "#order";

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isRowList(value: unknown): value is Row[] {
  return Array.isArray(value) && value.every((one) => isFields(one) && typeof one.id === "string");
}

/** Whether both are lists whose rows are known by their ids. */
export function areRows(one: unknown, other: unknown): boolean {
  return isRowList(one) && isRowList(other);
}

export function isEqual(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((part, place) => isEqual(part, other[place]));
  if (!isFields(one) || !isFields(other)) return false;
  return keysOf(one, other).every((key) => isEqual(one[key], other[key]));
}

export function keysOf(...records: Fields[]): string[] {
  return [...new Set(records.flatMap((one) => Object.keys(one)))];
}

export function idsOf(rows: readonly Row[]): string[] {
  return rows.map(({ id }) => id);
}

/** What is there; undefined where nothing is. */
export function valueAt(doc: unknown, path: Path): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return doc;
  if (isRowList(doc))
    return key === ORDER
      ? idsOf(doc)
      : valueAt(
          doc.find(({ id }) => id === key),
          rest,
        );
  return isFields(doc) ? valueAt(doc[key], rest) : undefined;
}

/** The same with another value there; what was not touched is the same object as before. */
export function withValue(doc: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (isRowList(doc)) return withRow(doc, key, rest, value);
  const record = isFields(doc) ? doc : {};
  const part = withValue(record[key], rest, value);
  if (part !== undefined) return { ...record, [key]: part };
  const { [key]: _, ...others } = record;
  return others;
}

function withRow(rows: readonly Row[], id: string, rest: Path, value: unknown): Row[] {
  if (id === ORDER) return inOrder(rows, value as string[]);
  const before = rows.find((one) => one.id === id);
  const after = withValue(before, rest, value) as Row | undefined;
  if (after === undefined) return rows.filter((one) => one.id !== id);
  return before ? rows.map((one) => (one.id === id ? after : one)) : [...rows, after];
}

/** The rows in the order of these ids; one that is not among them stays behind the row that it stood behind. */
export function inOrder(rows: readonly Row[], ids: readonly string[]): Row[] {
  const named = new Set(ids);
  const first: Row[] = [];
  const led = new Map<string, Row[]>();
  let group = first;
  for (const row of rows) {
    if (named.has(row.id)) {
      group = [row];
      led.set(row.id, group);
    } else group.push(row);
  }
  return [...first, ...[...named].flatMap((id) => led.get(id) ?? [])];
}

/** What leads from one document to the other, piece by piece. A row is one piece, so that it can come back whole. */
export function diff(before: unknown, after: unknown, path: Path = []): Write[] {
  if (isEqual(before, after)) return [];
  if (isFields(before) && isFields(after))
    return keysOf(before, after).flatMap((key) => diff(before[key], after[key], [...path, key]));
  if (areRows(before, after)) return diffRows(before as Row[], after as Row[], path);
  return [{ path, before, after }];
}

function diffRows(before: Row[], after: Row[], path: Path): Write[] {
  const olds = new Map(before.map((row) => [row.id, row]));
  const news = new Map(after.map((row) => [row.id, row]));
  const ids = [...new Set([...olds.keys(), ...news.keys()])];
  const changed = ids.filter((id) => !isEqual(olds.get(id), news.get(id)));
  const writes: Write[] = changed.map((id) => ({
    path: [...path, id],
    before: olds.get(id),
    after: news.get(id),
  }));
  const forth = ids.filter((id) => news.has(id));
  const back = [...idsOf(after).filter((id) => olds.has(id)), ...idsOf(before).filter((id) => !news.has(id))];
  if (isEqual(forth, idsOf(after)) && isEqual(back, idsOf(before))) return writes;
  return [...writes, { path: [...path, ORDER], before: idsOf(before), after: idsOf(after) }];
}

/** The same field by field: what of a row is another now, and not the whole row. */
export function finer(writes: readonly Write[]): Write[] {
  return writes.flatMap((one) =>
    isFields(one.before) && isFields(one.after) ? finer(diff(one.before, one.after, one.path)) : [one],
  );
}

/** The document with these pieces written, in order. */
export function applied<Doc>(doc: Doc, writes: readonly Write[]): Doc {
  return writes.reduce<unknown>((one, { path, after }) => withValue(one, path, after), doc) as Doc;
}

/** The document as it was before these pieces, each of them another one, were written. An order comes last here too. */
export function reverted<Doc>(doc: Doc, writes: readonly Write[]): Doc {
  return writes.reduce<unknown>((one, { path, before }) => withValue(one, path, before), doc) as Doc;
}
