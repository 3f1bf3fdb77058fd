const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let zone = "America/Argentina/Buenos_Aires";

/** Says in which time zone the venue is; the feed's venue view knows. */
export function setZone(name: string): void {
  zone = name;
}

/** How long ago, to be read at a glance: `2:10` to 9:59, then `14 min`, past an hour `1 h 05`. Never negative. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 600) return `${Math.floor(seconds / 60)}:${pad(seconds % 60)}`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${pad(minutes % 60)}`;
}

/** The same in prose: `hace 24 s`, `hace 5 min`, `hace 1 h 05`; `24 s ago` in English. */
export function ago(ms: number, locale: string = "es-AR"): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const text =
    seconds < 60
      ? `${seconds} s`
      : minutes < 60
        ? `${minutes} min`
        : `${Math.floor(minutes / 60)} h ${pad(minutes % 60)}`;
  return locale.startsWith("es") ? `hace ${text}` : `${text} ago`;
}

/** `21:06`. */
export function clockTime(atMs: number): string {
  return format(atMs, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** `21:06:41`, for a kitchen's clock. */
export function clockSeconds(atMs: number): string {
  return format(atMs, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
}

/** `21:06` of today, else `5/3 21:06`. */
export function moment(atMs: number, nowMs: number): string {
  const day = dayOf(atMs);
  return day === dayOf(nowMs) ? clockTime(atMs) : `${day} ${clockTime(atMs)}`;
}

/** `jueves, 5 de marzo` from a business day such as `2026-03-05`; `Thursday 5 March` in English. */
export function longDay(businessDay: string, locale: string = "es-AR"): string {
  const [year = 1970, month = 1, day = 1] = businessDay.split("-").map(Number);
  return new Intl.DateTimeFormat(locale.startsWith("es") ? "es-AR" : "en-GB", {
    weekday: "long",
    day: "numeric",
    month: "long",
    timeZone: "UTC",
  }).format(Date.UTC(year, month - 1, day));
}

/** An age in whole minutes, for names read aloud. */
export function minutesOf(ms: number): number {
  return Math.max(0, Math.floor(ms / MINUTE));
}

export const duration = { minute: MINUTE, hour: HOUR };

function dayOf(atMs: number): string {
  return format(atMs, { day: "numeric", month: "numeric" });
}

function format(atMs: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat("es-AR", { ...options, timeZone: zone }).format(atMs);
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
