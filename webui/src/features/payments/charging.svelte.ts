import type { CheckView, TakePayment, Views } from "$generated/vocabulary";
import type { App } from "$lib/app.svelte";
import { ask } from "$lib/asks";
import { newId } from "$lib/ids";
import type { Called, Command, Doubt } from "$lib/outbox";
import { staffWords } from "$lib/rejections-staff";
import type { ViewStore } from "$lib/store.svelte";
import { type WaitingCourse, waitingCourses } from "./courses";
import { firstPart, splitCash, tipOf } from "./sums";

export type Tender = "cash" | "card" | "transfer";
export type TipChoice = "none" | "ten" | "other";

export const TIP_CHOICES: TipChoice[] = ["none", "ten", "other"];

/** A payment the edge has taken: kept on the screen until the next sale begins. */
export interface Taken {
  paymentId: string;
  checkId: string;
  /** `Mesa 12`, or `Cuenta 412` at the counter. */
  title: string;
  tender: Tender;
  amountMinor: number;
  tipMinor: number;
  tenderedMinor: number;
  changeMinor: number;
  isClosed: boolean;
  hasReceipt: boolean;
}

const CUSTOM_TIP_BP = 1000;
/** More than this many times the part is a slip of the finger until somebody says it is not. */
const TOO_MUCH = 5;

/** Charging one check: what is typed, what it would pay, and what became of it. Money is asked, never queued. */
export class Charging {
  tender = $state<Tender>("cash");
  /** What the keypad holds: cash on the table, else the amount to charge. Null takes the part itself. */
  typedMinor = $state<number | null>(null);
  ways = $state(1);
  tipChoice = $state<TipChoice>("none");
  otherTipMinor = $state(0);
  reference = $state("");
  /** Where this payment's cash goes, when somebody says so: a drawer's id, or `purse`. */
  into = $state("");
  wantsReceipt = $state(true);
  isBusy = $state(false);
  problem = $state<string | null>(null);
  /** The balance was not taken, for what the kitchen does not make. */
  isStopped = $state(false);
  taken = $state.raw<Taken | null>(null);
  doubts = $state.raw<Doubt[]>([]);
  /** Payments the edge has answered and the views do not show yet. */
  #ahead = $state.raw<TakePayment[]>([]);
  #partsTaken = $state(0);

  constructor(
    readonly app: App,
    readonly views: ViewStore<Views>,
    readonly checkId: string,
    readonly titleOf: (check: CheckView) => string,
  ) {}

  get check(): CheckView | undefined {
    return this.views.get("check", this.checkId);
  }

  get balanceMinor(): number {
    const known = new Set(this.check?.payments.map((one) => one.payment_id));
    const unseen = this.#ahead.filter((one) => !known.has(one.payment_id));
    return (this.check?.balance_minor ?? 0) - unseen.reduce((sum, one) => sum + one.amount_minor, 0);
  }

  /** Nothing is owed and the account is closed; an empty check owes nothing and is not settled. */
  get isSettled(): boolean {
    return this.check?.state === "closed" || (this.taken?.isClosed ?? false);
  }

  /** What was sent and nobody fired: it is not paid for and forgotten. */
  get waiting(): WaitingCourse[] {
    return waitingCourses(this.check, this.app.unsettled);
  }

  /** Whether one course alone stopped a payment: firing it goes on with that. */
  get paysAfterFiring(): boolean {
    return this.isStopped && this.waiting.length === 1;
  }

  /** In how many even parts this table is likely to pay: up to four, and one for each person. */
  get usualWays(): number[] {
    const covers = this.check?.covers ?? 0;
    return [...new Set([1, 2, 3, 4, covers > 4 && covers <= 20 ? covers : 1])].sort((a, b) => a - b);
  }

  get partsLeft(): number {
    return Math.max(1, this.ways - this.#partsTaken);
  }

  /** What this payer owes: the balance, or an even part of it. */
  get dueMinor(): number {
    return firstPart(this.balanceMinor, this.partsLeft);
  }

  /** What the payment takes off the balance. */
  get amountMinor(): number {
    if (this.tender === "cash") return this.#cash.amountMinor;
    return Math.min(this.typedMinor ?? this.dueMinor, this.balanceMinor);
  }

  get tipMinor(): number {
    if (this.tipChoice === "none") return 0;
    if (this.tipChoice === "other") return this.otherTipMinor;
    const base = this.tender === "cash" ? this.dueMinor : this.amountMinor;
    return tipOf(base, CUSTOM_TIP_BP);
  }

  get tenderedMinor(): number {
    return this.typedMinor ?? this.dueMinor + this.tipMinor;
  }

  get changeMinor(): number {
    return this.tender === "cash" ? this.#cash.changeMinor : 0;
  }

  /** What the cash on the table lacks of the part that is due; 0 when it is enough. */
  get shortMinor(): number {
    return this.tender === "cash" ? this.#cash.shortMinor : 0;
  }

  /** What the card terminal must be told, or what lies on the table. */
  get toTakeMinor(): number {
    return this.amountMinor + this.tipMinor;
  }

  /** No money changes hands: the check costs nothing, and nobody leaves a tip. */
  get isNothing(): boolean {
    return this.toTakeMinor === 0 && this.balanceMinor === 0;
  }

  get isTooMuch(): boolean {
    return (this.typedMinor ?? 0) > TOO_MUCH * Math.max(this.dueMinor + this.tipMinor, 1);
  }

  get needsReference(): boolean {
    return this.tender !== "cash" && !this.isNothing && this.reference.trim() === "";
  }

  /** Whether what is typed can be asked of the edge. */
  get canPay(): boolean {
    const pays = this.amountMinor > 0 || (this.balanceMinor === 0 && (this.check?.total_minor ?? 0) === 0);
    return pays && !this.needsReference && !this.isBusy && this.doubts.length === 0 && !this.isSettled;
  }

  /** Whether this person may ask for it here and now. */
  mayTake(hasDrawer: boolean): boolean {
    const hasPlace = this.tender !== "cash" || hasDrawer || this.isNothing;
    return this.canPay && hasPlace && this.app.isReachable && this.app.session.may("charge");
  }

  choose(tender: Tender): void {
    this.tender = tender;
    this.typedMinor = null;
    this.problem = null;
  }

  /** Cash on the table that does not reach any more is asked for anew. */
  chooseTip(choice: TipChoice): void {
    this.tipChoice = choice;
    if (this.tender === "cash" && this.typedMinor !== null && this.typedMinor < this.dueMinor) this.typedMinor = null;
  }

  divide(ways: number): void {
    this.ways = ways;
    this.#partsTaken = 0;
    this.typedMinor = null;
  }

  /** Payments of this check whose answer never came, from this run or an earlier one. */
  async loadDoubts(): Promise<void> {
    const all = await this.app.outbox.doubts();
    this.doubts = all.filter((doubt) =>
      doubt.commands.some((one) => one.name === "take_payment" && one.body.check_id === this.checkId),
    );
  }

  /** A payment in doubt that the check shows went through after all. */
  get healed(): Doubt | undefined {
    const known = new Set(this.check?.payments.map((one) => one.payment_id));
    return this.doubts.find((doubt) => doubt.commands.some((one) => known.has(String(one.body.payment_id))));
  }

  /** Shows a payment whose answer never came and that the check has: its change is owed all the same. */
  showHealed(): void {
    const body = paymentOf(this.healed?.commands ?? []);
    if (body && this.taken?.paymentId !== body.payment_id) this.#took(body, this.check);
  }

  /** Takes the payment; after having a course made, in the same request, when there is one to fire first. */
  async pay({ fireFirst }: { fireFirst?: number } = {}): Promise<void> {
    if (!this.canPay) return;
    const payment = ask("take_payment", {
      payment_id: newId(),
      check_id: this.checkId,
      tender: this.tender,
      amount_minor: this.amountMinor,
      tip_minor: this.tipMinor,
      tendered_minor: this.tender === "cash" ? this.tenderedMinor : 0,
      reference: this.reference.trim(),
      into: this.tender === "cash" ? this.into : "",
      wants_receipt: this.wantsReceipt,
    });
    const fire = fireFirst ? [ask("fire_course", { check_id: this.checkId, course: fireFirst })] : [];
    await this.#call(this.app.outbox.prepare([...fire, payment]));
  }

  /** Has a waiting course made; goes on with the payment when nothing else stopped it. */
  async fire(course: number): Promise<void> {
    if (this.paysAfterFiring) await this.pay({ fireFirst: course });
    else await this.app.do(ask("fire_course", { check_id: this.checkId, course }));
  }

  /** Asks again for the same payment: done once, however often it is asked. */
  consult(doubt: Doubt): Promise<void> {
    return this.#call(doubt.commands);
  }

  async #call(commands: Command[]): Promise<void> {
    this.isBusy = true;
    this.problem = null;
    this.isStopped = false;
    const checkBefore = this.check;
    const called = await this.app.ask(commands);
    this.isBusy = false;
    await this.loadDoubts();
    if (called.state === "answered") this.#answered(commands, called, checkBefore);
  }

  #answered(commands: Command[], called: Extract<Called, { state: "answered" }>, check: CheckView | undefined): void {
    const payment = called.answers.at(-1);
    const body = paymentOf(commands);
    if (payment?.outcome === "done" && body) {
      this.#took(body, check);
      return;
    }
    // What could not be fired says why; what somebody else fired meanwhile is no reason.
    const why = called.answers.find((one) => one.outcome !== "done" && one.code !== "course_unknown") ?? payment;
    this.isStopped = why?.code === "courses_waiting" && this.waiting.length > 0;
    if (!this.isStopped) this.problem = staffWords(why?.code ?? "failed", why?.facts);
  }

  #took(body: TakePayment, check: CheckView | undefined): void {
    this.#ahead = [...this.#ahead.filter((one) => one.payment_id !== body.payment_id), body];
    this.#partsTaken += 1;
    const tip = body.tip_minor ?? 0;
    const tendered = body.tendered_minor ?? 0;
    this.taken = {
      paymentId: body.payment_id,
      checkId: this.checkId,
      title: check ? this.titleOf(check) : "",
      tender: body.tender as Tender,
      amountMinor: body.amount_minor,
      tipMinor: tip,
      tenderedMinor: tendered,
      changeMinor: body.tender === "cash" ? tendered - body.amount_minor - tip : 0,
      isClosed: this.check?.state === "closed" || this.balanceMinor <= 0,
      hasReceipt: body.wants_receipt ?? true,
    };
    this.typedMinor = null;
    this.reference = "";
    this.tipChoice = "none";
    this.otherTipMinor = 0;
  }

  get #cash() {
    return splitCash({ tenderedMinor: this.tenderedMinor, dueMinor: this.dueMinor, tipMinor: this.tipMinor });
  }
}

function paymentOf(commands: Command[]): TakePayment | undefined {
  return commands.find((one) => one.name === "take_payment")?.body as unknown as TakePayment | undefined;
}
