import type { Keeper } from "$features/guests/keeper";
import type { KeptMenu } from "$features/guests/menu";
import { type Kept, nothingKept, type Visit } from "$features/guests/visit";
import type { DraftView, GuestView } from "$generated/vocabulary";
import type { Command } from "$lib/outbox";
import { SAMPLE_MENU, sampleDraft } from "$lib/samples/service";
import type { GuestFeedSettings } from "$lib/sse";
import { Guest } from "./guest.svelte";

export const VISIT: Visit = {
  visit_id: "v1",
  table_label: "12",
  venue_name: "La Esquina",
  language: "es-AR",
  currency: "ARS",
  wifi_name: "LaEsquina",
  cover_charge_minor: 250_000,
  max_waiting_drafts: 3,
  paused: false,
};

export function view(by: Partial<GuestView> = {}): GuestView {
  return {
    visit_id: "v1",
    is_over: false,
    venue_name: "La Esquina",
    table_label: "12",
    drafts: [],
    lines: [],
    covers: 0,
    cover_charge_minor: 0,
    total_minor: 0,
    paid_minor: 0,
    calls: [],
    answered_by: "",
    answers: [],
    is_paused: false,
    menu_version: 1,
    sold_out: [],
    adjustments: [],
    ...by,
  };
}

export function draftOf(command: Command, by: Partial<DraftView> = {}): DraftView {
  const body = command.body as { draft_id: string; note: string; allergies: string[]; lines: { line_id: string }[] };
  const { draft_id, note, allergies } = body;
  const lines = body.lines.map((line) => ({ ...LINE, ...line }));
  return sampleDraft("12", { draft_id, visit_id: "v1", lines, note, allergies, submitted_at_ms: 1, ...by });
}

const LINE: Omit<DraftView["lines"][number], "line_id"> = {
  item_id: "",
  name: "",
  short_name: "",
  category_id: "",
  variant_id: "",
  variant_name: "",
  modifiers: [],
  quantity: 1,
  unit_minor: 0,
  gross_minor: 0,
  vat_bp: 2100,
  course: 1,
  station_id: "",
  note: "",
  allergies: [],
  seat: 0,
  draft_id: "",
};

/** A phone on a scripted network: the edge is paper, the phone is ours. */
export class TestPhone {
  readonly sent: Command[] = [];
  /** What the edge says to a command; done unless told otherwise. */
  refuses: { code: string; facts?: Record<string, string> } | null = null;
  isCut = false;
  shelf: Kept | null;
  joinAnswer: () => Response = () => Response.json(VISIT);
  readonly guest: Guest;
  #feed: GuestFeedSettings | null = null;

  constructor(kept: Partial<Kept> = { visit: VISIT }, menu: KeptMenu | null = null) {
    this.shelf = { ...nothingKept(), ...kept };
    const keeper: Keeper<Kept> = {
      read: () => structuredClone(this.shelf),
      write: (value) => {
        this.shelf = structuredClone(value);
        return true;
      },
      follow: () => () => {},
    };
    this.guest = new Guest({
      keeper,
      menus: { read: () => menu, write: () => true, follow: () => () => {} },
      fetch: ((input: RequestInfo | URL, init?: RequestInit) => this.#answer(String(input), init)) as typeof fetch,
      follow: (settings) => {
        this.#feed = settings;
        return () => {
          if (this.#feed === settings) this.#feed = null;
        };
      },
    });
  }

  get isListening(): boolean {
    return this.#feed !== null;
  }

  /** The edge tells this phone how its visit is. */
  show(value: GuestView): void {
    this.#feed?.onframe({ type: "guest", value });
  }

  tell(type: string): void {
    this.#feed?.onframe({ type, value: {} });
  }

  /** The stream opens or breaks. */
  link(isOpen: boolean): void {
    this.#feed?.onlink?.(isOpen);
  }

  async #answer(url: string, init?: RequestInit): Promise<Response> {
    if (this.isCut) throw new TypeError("Failed to fetch");
    if (url === "/guest-api/menu") return Response.json({ version: 1, published_at_ms: 1, menu: SAMPLE_MENU });
    if (url === "/guest-api/join") return this.joinAnswer();
    if (url !== "/guest-api/commands") return Response.json({ code: "visit_over", facts: {} }, { status: 409 });
    const { commands } = JSON.parse(String(init?.body)) as { commands: Command[] };
    this.sent.push(...commands);
    const refused = this.refuses && { outcome: "refused", facts: {}, ...this.refuses };
    return Response.json({ answers: commands.map(({ id }) => ({ id, seq: 1, outcome: "done", ...refused })) });
  }
}
