import { afterEach, describe, expect, it, vi } from "vitest";
import { emptyCart, type Wish } from "$features/guests/visit";
import { draftOf, TestPhone, VISIT, view } from "./test-phone";

const FLAN: Wish = {
  line_id: "l1",
  item_id: "flan",
  variant_id: "",
  modifier_ids: [],
  quantity: 1,
  note: "",
  allergies: [],
};
const BIFE: Wish = { ...FLAN, line_id: "l2", item_id: "bife", modifier_ids: ["doneness/rare"] };
const CHOSEN = { ...emptyCart(), lines: [FLAN], note: "con cucharas" };

let stop = () => {};

/** A phone at table 12 with a flan chosen, its menu loaded. */
async function seated(cart = CHOSEN): Promise<TestPhone> {
  const phone = new TestPhone({ visit: VISIT, cart });
  stop = phone.guest.start("");
  await vi.waitFor(() => expect(phone.guest.menu).not.toBeNull());
  return phone;
}

async function settled(phone: TestPhone): Promise<void> {
  await vi.waitFor(() => expect(phone.guest.kept.outbox).toEqual([]));
}

afterEach(() => {
  stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("sending", () => {
  it("leaves the cart empty and sends lines, note and shown prices once", async () => {
    const phone = await seated();
    phone.guest.send();
    expect(phone.guest.kept.cart).toEqual(emptyCart());
    await settled(phone);
    expect(phone.sent.map((one) => one.name)).toEqual(["submit_draft"]);
    expect(phone.sent[0]?.body).toMatchObject({
      note: "con cucharas",
      lines: [{ item_id: "flan", shown_minor: 480_000 }],
    });
  });

  it("keeps what was sent with no network through a reload, and sends it under the same id when it is back", async () => {
    const phone = await seated();
    phone.isCut = true;
    phone.guest.send();
    await vi.waitFor(() => expect(phone.guest.isReached).toBe(false));
    const id = phone.shelf?.outbox[0]?.command.id;
    stop();
    const again = new TestPhone(phone.shelf ?? {});
    stop = again.guest.start("");
    await settled(again);
    expect(again.sent.map((one) => one.id)).toEqual([id]);
  });

  it("gives the lines back with the reason when the edge says no", async () => {
    const phone = await seated();
    phone.refuses = { code: "item_sold_out", facts: { name: "Flan" } };
    phone.guest.send();
    await settled(phone);
    expect(phone.guest.kept.cart).toEqual(CHOSEN);
    expect(phone.guest.kept.refused).toMatchObject({ name: "submit_draft", code: "item_sold_out" });
  });

  it("puts what came back before what was chosen meanwhile", async () => {
    const phone = await seated();
    phone.refuses = { code: "too_many_drafts" };
    phone.guest.send();
    phone.guest.setCart({ ...emptyCart(), lines: [BIFE] });
    await settled(phone);
    expect(phone.guest.kept.cart.lines.map((line) => line.item_id)).toEqual(["flan", "bife"]);
  });

  it("takes back what never left the phone without asking anybody", async () => {
    const phone = await seated();
    phone.guest.code = "SCANNED"; // a table is being joined: nothing goes out
    phone.guest.send();
    phone.guest.withdraw(String(phone.guest.kept.outbox[0]?.command.body.draft_id));
    expect(phone.guest.kept.outbox).toEqual([]);
    expect(phone.guest.kept.cart.lines).toEqual([FLAN]);
  });
});

describe("changing a draft that waits", () => {
  async function changing(): Promise<TestPhone> {
    const phone = await seated();
    phone.guest.send();
    await settled(phone);
    phone.guest.setCart({ ...emptyCart(), lines: [BIFE] });
    phone.show(view({ drafts: [draftOf(phone.sent[0]!)] }));
    phone.guest.change(phone.guest.view!.drafts[0]!);
    return phone;
  }

  it("opens its lines, sends the change of the same draft, and brings back what was chosen meanwhile", async () => {
    const phone = await changing();
    expect(phone.guest.kept.cart.lines.map((line) => line.item_id)).toEqual(["flan"]);
    phone.guest.send();
    await settled(phone);
    expect(phone.sent[1]).toMatchObject({ name: "change_draft", body: { draft_id: phone.sent[0]?.body.draft_id } });
    expect(phone.guest.kept.cart.lines.map((line) => line.item_id)).toEqual(["bife"]);
  });

  it("can be left as it was", async () => {
    const phone = await changing();
    phone.guest.stopChanging();
    expect(phone.guest.kept.cart.lines.map((line) => line.item_id)).toEqual(["bife"]);
    expect(phone.sent).toHaveLength(1);
  });

  it("never becomes a second draft when a waiter has opened it", async () => {
    const phone = await changing();
    phone.refuses = { code: "draft_claimed", facts: { by: "Ana" } };
    phone.guest.send();
    await settled(phone);
    expect(phone.guest.kept.refused).toMatchObject({ code: "draft_claimed", facts: { by: "Ana" } });
    expect(phone.guest.kept.cart.lines.map((line) => line.item_id)).toEqual(["bife"]);
  });

  it("stays open for another try when something else was refused", async () => {
    const phone = await changing();
    phone.refuses = { code: "price_changed" };
    phone.guest.send();
    await settled(phone);
    expect(phone.guest.kept.cart).toMatchObject({
      changing: phone.sent[0]?.body.draft_id,
      lines: [{ item_id: "flan" }],
    });
    phone.guest.stopChanging();
    expect(phone.guest.kept.cart.lines.map((line) => line.item_id)).toEqual(["bife"]);
  });

  it("asks a rejected draft again as new lines, and puts the old one away", async () => {
    const phone = await seated();
    phone.guest.send();
    await settled(phone);
    phone.show(view({ drafts: [draftOf(phone.sent[0]!, { state: "rejected" })] }));
    phone.guest.again(phone.guest.view!.drafts[0]!);
    expect(phone.guest.kept.cart.lines[0]).toMatchObject({ item_id: "flan" });
    expect(phone.guest.kept.cart.lines[0]?.line_id).not.toBe(FLAN.line_id);
    expect(phone.guest.kept.putAway).toEqual([phone.sent[0]?.body.draft_id]);
  });
});

describe("what the edge tells", () => {
  it("strikes what sold out at once", async () => {
    const phone = await seated();
    phone.show(view({ sold_out: ["flan"] }));
    expect(phone.guest.soldOut).toEqual(["flan"]);
  });

  it("fetches the menu again when another one is in force", async () => {
    const phone = await seated();
    phone.guest.menuView = { etag: "", view: { ...phone.guest.menuView!.view, version: 0 } };
    phone.show(view());
    await vi.waitFor(() => expect(phone.guest.menuView?.view.version).toBe(1));
  });

  it.each(["over", "guest"])("ends the visit on %s, keeps what was chosen, and stops listening", async (type) => {
    const phone = await seated();
    if (type === "over") phone.tell("over");
    else phone.show(view({ is_over: true }));
    expect([phone.guest.isOver, phone.guest.mayOrder, phone.isListening]).toEqual([true, false, false]);
    expect(phone.shelf).toMatchObject({ isOver: true, cart: CHOSEN });
  });

  it("learns from a broken stream that the visit is over", async () => {
    const phone = await seated();
    phone.link(false);
    await vi.waitFor(() => expect(phone.guest.isOver).toBe(true));
  });

  it("does not take another visit's news for its own", async () => {
    const phone = await seated();
    phone.show(view({ visit_id: "other", is_over: true }));
    expect(phone.guest.isOver).toBe(false);
  });

  it("is stale after 20 s of silence and without the edge after 35", async () => {
    const phone = await seated();
    vi.useFakeTimers({ now: Date.now() + 21_000 });
    expect(phone.guest.link).toBe("stale");
    vi.setSystemTime(Date.now() + 15_000);
    expect(phone.guest.link).toBe("no_edge");
    phone.tell("beat");
    expect(phone.guest.link).toBe("live");
  });
});

describe("scanning a table", () => {
  it("joins, forgets the code, and follows the visit", async () => {
    const phone = new TestPhone({});
    vi.stubGlobal("fetch", async () => phone.joinAnswer());
    stop = phone.guest.start("CODE");
    await vi.waitFor(() => expect(phone.guest.visit?.table_label).toBe("12"));
    expect([phone.guest.code, phone.isListening, phone.guest.mayOrder]).toEqual(["", true, true]);
  });

  it.each(["code_invalid", "code_expired"])("says why on %s, and does not try again", async (code) => {
    const phone = new TestPhone({});
    const asked = vi.fn(async () => Response.json({ code, facts: {} }, { status: 404 }));
    vi.stubGlobal("fetch", asked);
    stop = phone.guest.start("CODE");
    await vi.waitFor(() => expect(phone.guest.problem?.code).toBe(code));
    expect([phone.guest.code, phone.guest.mayOrder, asked.mock.calls.length]).toEqual(["", false, 1]);
  });

  it("lets nobody order while the venue takes no orders by phone", async () => {
    const phone = new TestPhone({ visit: { ...VISIT, paused: true } });
    stop = phone.guest.start("");
    expect(phone.guest.mayOrder).toBe(false);
  });

  it("opens with no network, showing the menu it kept", async () => {
    const first = await seated();
    stop();
    const phone = new TestPhone({ visit: VISIT }, first.guest.menuView);
    phone.isCut = true;
    stop = phone.guest.start("");
    expect(phone.guest.menu?.items.length).toBeGreaterThan(0);
    await vi.waitFor(() => expect(phone.guest.link).toBe("no_edge"));
  });
});

describe("calling", () => {
  it("asks once, with the reason, and knows that it is on its way", async () => {
    const phone = await seated();
    phone.guest.callWaiter("water");
    expect(phone.guest.isAsking("call_waiter")).toBe(true);
    await settled(phone);
    phone.guest.askBill("card");
    await settled(phone);
    expect(phone.sent).toMatchObject([
      { name: "call_waiter", body: { reason: "water" } },
      { name: "ask_bill", body: { tender: "card" } },
    ]);
  });
});
