import type { Figures, HourSales, Today, VenueAge, VenueToday } from "$generated/vocabulary";

/** Figures for tests, as the hub would send them. */
export function sampleFigures(by: Partial<Figures> = {}): Figures {
  return {
    sales_minor: 0,
    vat_minor: 0,
    checks: 0,
    covers: 0,
    average_per_cover_minor: 0,
    tips_minor: 0,
    voids: 0,
    voids_minor: 0,
    ...by,
  };
}

export function sampleAge(by: Partial<VenueAge> = {}): VenueAge {
  return {
    venue_id: "palermo",
    name: "Palermo",
    applied_seq: 9,
    projected_seq: 9,
    last_entry_at_ms: 0,
    behind_entries: 0,
    last_seen_ms: 1,
    is_silent: false,
    trouble: "",
    ...by,
  };
}

export function sampleVenue(by: Partial<VenueToday> = {}): VenueToday {
  return {
    venue_id: "palermo",
    name: "Palermo",
    business_day: "2026-03-05",
    timezone: "America/Argentina/Buenos_Aires",
    cutover_min: 300,
    currency: "ARS",
    figures: sampleFigures(),
    open_checks: 0,
    open_minor: 0,
    age: sampleAge(),
    ...by,
  };
}

export function sampleHour(hour: number, sales_minor: number, covers = 2): HourSales {
  return { hour, sales_minor, checks: 1, covers };
}

export function sampleToday(by: Partial<Today> = {}): Today {
  return {
    now_ms: 0,
    currency: "ARS",
    total: sampleFigures(),
    last_week: sampleFigures(),
    hours: [],
    last_week_hours: [],
    items: [],
    attention: [],
    venues: [sampleVenue()],
    is_partial: false,
    closings: [],
    ...by,
  };
}
