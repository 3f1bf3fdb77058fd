import { openCheckId, orderAsks } from "$features/ordering/asks";
import { Cart } from "$features/ordering/cart.svelte";
import { type Estimate, estimateTotal } from "$features/ordering/estimate";
import type { CheckView, LineAsk, Menu, MenuItem, TableView, Views } from "$generated/vocabulary";
import { alone } from "$lib/alone";
import type { App } from "$lib/app.svelte";
import { ask } from "$lib/asks";
import { newId } from "$lib/ids";
import type { ViewStore } from "$lib/store.svelte";
import type { SalePlace } from "./till.svelte";

/** Where the unsent lines of a counter sale that is not open yet are kept. */
const COUNTER = "counter";

/** A check at the till, perhaps not open yet, and what was typed for it and not sent. */
export class Sale {
  readonly cart: Cart;
  covers = $state(0);
  /** What is typed here, as one thing: sent or held by whatever button, it goes once. */
  readonly thing: string;
  #isSending = false;

  constructor(
    readonly app: App,
    readonly views: ViewStore<Views>,
    readonly place: SalePlace,
    /** It was opened just now, under this id. */
    readonly onopened: (checkId: string) => void,
  ) {
    const { tableId, checkId, name, isExtra } = place;
    const key = isExtra ? `${tableId}:extra` : tableId || checkId || (name ? `tab:${name}` : COUNTER);
    this.thing = `send ${key}`;
    this.cart = new Cart(app.work, app.session.person?.staff_id ?? "", key);
    alone(this.cart.load());
  }

  get tableId(): string {
    return this.place.tableId;
  }

  /** It stands on no table: the counter's, or a tab. */
  get isCounter(): boolean {
    return this.tableId === "";
  }

  /** The check: the one asked for while it is open, else the table's open one. */
  get id(): string | null {
    const { checkId, isExtra } = this.place;
    const started = checkId ? this.views.get("check", checkId) : undefined;
    const isOpening = this.app.unsettled.some(
      ({ command }) => command.name === "open_check" && command.body.check_id === checkId,
    );
    const isGone = checkId !== null && !started && !isOpening && this.views.isLoaded;
    if (isOpening || started?.state === "open") return checkId;
    if (this.isCounter || isExtra) return isGone ? null : checkId;
    return openCheckId(this.tableId, this.views.all("check"), this.app.unsettled) ?? (isGone ? null : checkId);
  }

  /** The open checks of the table: mostly one. */
  get siblings(): CheckView[] {
    if (this.isCounter) return [];
    const here = this.views.all("check").filter((one) => one.table_id === this.tableId && one.state === "open");
    return here.sort((a, b) => a.number - b.number);
  }

  get check(): CheckView | undefined {
    return this.id ? this.views.get("check", this.id) : undefined;
  }

  get table(): TableView | undefined {
    return this.views.get("table", this.tableId);
  }

  get menu(): Menu | undefined {
    return this.views.get("menu", "menu")?.menu;
  }

  get isNew(): boolean {
    return this.id === null || this.check?.state === "closed";
  }

  get needsCovers(): boolean {
    return this.isNew && !this.isCounter && this.covers === 0;
  }

  get count(): number {
    return this.cart.lines.reduce((sum, line) => sum + (line.quantity ?? 1), 0);
  }

  /** Lines the edge has and the kitchen does not, but for those already on their way there. */
  get held(): string[] {
    const asked = this.app.unsettled.filter(
      ({ command }) => command.name === "send_lines" && command.body.check_id === this.id,
    );
    const onTheWay = new Set(asked.flatMap(({ command }) => (command.body.line_ids ?? []) as string[]));
    const held = this.check?.lines.filter((line) => line.stage === "held" && !onTheWay.has(line.line_id)) ?? [];
    return held.map((line) => line.line_id);
  }

  get lacking(): { line: LineAsk; estimate: Estimate } | null {
    return this.menu ? this.cart.lacking(this.menu) : null;
  }

  get soldOut(): MenuItem | undefined {
    const line = this.cart.lines.find((one) => this.views.get("sold_out", one.item_id));
    return line ? this.itemOf(line.item_id) : undefined;
  }

  get typedMinor(): number {
    return this.menu ? estimateTotal(this.menu, this.cart.lines) : 0;
  }

  itemOf(itemId: string): MenuItem | undefined {
    return this.menu?.items.find((item) => item.id === itemId);
  }

  /** Gives the kitchen what was typed, or keeps it on the check. The check's id, or null when something must be chosen first. */
  async send(how: { isHeld?: boolean } = {}): Promise<string | null> {
    if (this.lacking) {
      this.cart.chosenId = this.lacking.line.line_id;
      return null;
    }
    if (this.soldOut || this.#isSending) return null;
    const wasNew = this.isNew;
    const checkId = wasNew ? newId() : this.id!;
    const asks = orderAsks({
      checkId,
      opening: wasNew ? { tableId: this.tableId, covers: this.covers, name: this.place.name } : null,
      lines: $state.snapshot(this.cart.lines),
      isHeld: how.isHeld,
    });
    const held = how.isHeld ? [] : this.held;
    if (held.length > 0) asks.push(ask("send_lines", { check_id: checkId, line_ids: held }));
    this.#isSending = true;
    if (asks.length > 0) await this.app.do(asks).finally(() => (this.#isSending = false));
    this.#isSending = false;
    this.cart.clear();
    if (wasNew) this.onopened(checkId);
    return checkId;
  }
}
