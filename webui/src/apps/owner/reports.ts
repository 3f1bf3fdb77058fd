import { request } from "$lib/api";

/** The sums of closed checks; amounts in minor units, VAT included, tips apart. */
export interface Figures {
  sales_minor: number;
  vat_minor: number;
  checks: number;
  covers: number;
  average_per_cover_minor: number;
  tips_minor: number;
  voids: number;
  voids_minor: number;
}

export interface HourSales {
  hour: number;
  sales_minor: number;
  checks: number;
  covers: number;
}

export interface ItemSales {
  item_id: string;
  name: string;
  category_id: string;
  lines: number;
  quantity: number;
  gross_minor: number;
  vat_minor: number;
}

export interface Attention {
  kind: string;
  venue_id: string;
  venue_name: string;
  name: string;
  amount_minor: number;
  reason: string;
  by: string;
  at_ms: number;
}

/** How old a venue's part of the figures is. */
export interface VenueAge {
  venue_id: string;
  name: string;
  applied_seq: number;
  projected_seq: number;
  last_entry_at_ms: number;
  behind_entries: number;
  last_seen_ms: number;
  is_silent: boolean;
  trouble: string;
}

export interface VenueToday {
  venue_id: string;
  name: string;
  business_day: string;
  timezone: string;
  cutover_min: number;
  currency: string;
  figures: Figures;
  open_checks: number;
  open_minor: number;
  age: VenueAge;
}

/** The business day that each venue is in, so far. */
export interface Today {
  now_ms: number;
  /** Empty when the venues use several: then the totals add what must not be added. */
  currency: string;
  total: Figures;
  last_week: Figures;
  hours: HourSales[];
  last_week_hours: HourSales[];
  items: ItemSales[];
  attention: Attention[];
  venues: VenueToday[];
  is_partial: boolean;
}

export interface SessionView {
  name: string;
  role: string;
  tenant_id: string;
  tenant_name: string;
  expires_at_ms: number;
  csrf: string;
}

/** Each throws Problem. */
export const hub = {
  who: () => request<SessionView>("/api/session"),
  signIn: (email: string, password: string) => request<SessionView>("/api/session", { body: { email, password } }),
  signOut: (csrf: string) => request<null>("/api/session", { method: "DELETE", headers: { "x-csrf-token": csrf } }),
  today: (venueId: string) =>
    request<Today>(venueId ? `/api/today?venue=${encodeURIComponent(venueId)}` : "/api/today"),
};
