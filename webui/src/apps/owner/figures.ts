import type { Figures, HourSales, Today, VenueAge, VenueToday } from "$generated/vocabulary";

const DAY_MIN = 1440;

/** Sales so far at the end of each hour of a business day, of today and of the same weekday a week before. */
export interface HourSeries {
  /** Local hours, in the order of the business day: 20, 21, 22, 23, 0. */
  hours: number[];
  /** Null for hours that have not begun. */
  today: (number | null)[];
  before: number[];
  /** What was sold within each hour. */
  inHour: (number | null)[];
}

/** How today stands beside the same weekday a week before, both up to the last full hour; null without one. */
export interface Comparison {
  sales: number | null;
  covers: number | null;
  average: number | null;
}

/** The hour on the wall of a venue. */
export function hourAt(atMs: number, timezone: string): number {
  const hour = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hourCycle: "h23", timeZone: timezone });
  return Number(hour.format(atMs));
}

/** The place of an hour in its business day: the first after the cut-over is 0. A cut-over within an hour begins with it. */
export function placeOf(hour: number, cutoverMin: number): number {
  return (hour - Math.floor(cutoverMin / 60) + DAY_MIN / 60) % 24;
}

export function hourSeries(today: Today, nowMs: number): HourSeries {
  const { cutover_min: cutover = 0, timezone = "UTC" } = today.venues[0] ?? {};
  const place = (hour: number) => placeOf(hour, cutover);
  const hourNow = place(hourAt(nowMs, timezone));
  const sold = byPlace(today.hours, place);
  const soldBefore = byPlace(today.last_week_hours, place);
  const known = [...sold.keys(), ...soldBefore.keys()];
  if (known.length === 0) return { hours: [], today: [], before: [], inHour: [] };
  const first = Math.min(...known);
  const last = Math.max(...known, first + 1);
  const places = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const lastSold = Math.max(hourNow, ...sold.keys());
  let [sum, sumBefore] = [0, 0];
  const series: HourSeries = { hours: [], today: [], before: [], inHour: [] };
  for (const at of places) {
    sum += sold.get(at) ?? 0;
    sumBefore += soldBefore.get(at) ?? 0;
    series.hours.push((at + Math.floor(cutover / 60)) % 24);
    series.today.push(at <= lastSold ? sum : null);
    series.inHour.push(at <= lastSold ? (sold.get(at) ?? 0) : null);
    series.before.push(sumBefore);
  }
  return series;
}

/** Compares full hours only: half an hour of today is not held against a whole one. */
export function comparison(today: Today, nowMs: number): Comparison {
  const { cutover_min: cutover = 0, timezone = "UTC" } = today.venues[0] ?? {};
  const hourNow = placeOf(hourAt(nowMs, timezone), cutover);
  const full = (hours: readonly HourSales[]) => hours.filter(({ hour }) => placeOf(hour, cutover) < hourNow);
  const [now, before] = [sumOf(full(today.hours)), sumOf(full(today.last_week_hours))];
  return {
    sales: ratio(now.sales, before.sales),
    covers: ratio(now.covers, before.covers),
    average: now.covers > 0 && before.covers > 0 ? ratio(now.sales / now.covers, before.sales / before.covers) : null,
  };
}

/** Whether a venue may have sold more than is counted, and so must be named beside every figure. */
export function isBehind(age: VenueAge): boolean {
  return age.is_silent || age.trouble !== "" || age.behind_entries > 0;
}

/** Voids as a part of what was sold, in basis points, to a tenth of a percent. */
export function voidShare({ voids_minor, sales_minor }: Figures): number {
  return sales_minor > 0 ? Math.round((voids_minor * 1000) / sales_minor) * 10 : 0;
}

/** Whether nothing was sold anywhere yet. */
export function isFirstHour(today: Today): boolean {
  return today.venues.every((venue) => venue.figures.checks === 0);
}

export function openOf(venues: readonly VenueToday[]): { checks: number; minor: number } {
  return {
    checks: venues.reduce((sum, venue) => sum + venue.open_checks, 0),
    minor: venues.reduce((sum, venue) => sum + venue.open_minor, 0),
  };
}

function byPlace(hours: readonly HourSales[], place: (hour: number) => number): Map<number, number> {
  return new Map(hours.map(({ hour, sales_minor }) => [place(hour), sales_minor]));
}

function sumOf(hours: readonly HourSales[]): { sales: number; covers: number } {
  return {
    sales: hours.reduce((sum, hour) => sum + hour.sales_minor, 0),
    covers: hours.reduce((sum, hour) => sum + hour.covers, 0),
  };
}

function ratio(now: number, before: number): number | null {
  return before > 0 ? Math.round(((now - before) * 100) / before) : null;
}
