// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Nav, type Place } from "./nav.svelte";

const TABLE: Place = { screen: "table", tableId: "t7", checkId: null };
const ORDER: Place = { screen: "order", tableId: "t7", checkId: null };
let nav: Nav;
let stop: () => void;

function begin(who = "ana"): Nav {
  nav = new Nav(who);
  stop = nav.start();
  return nav;
}

/** The phone's own back button; resolves once the browser has told. */
async function back(): Promise<void> {
  const told = new Promise((resolve) => addEventListener("popstate", resolve, { once: true }));
  history.back();
  await told;
}

beforeEach(() => {
  history.pushState(null, ""); // a page just opened
  begin();
});
afterEach(() => {
  stop();
  document.body.innerHTML = "";
});

describe("the phone's back button", () => {
  it("closes what is open, one after the other, and then leads to the first tab", async () => {
    nav.go("tables");
    nav.open(TABLE);
    nav.open(ORDER);
    await back();
    expect(nav.trail).toEqual([TABLE]);
    await back();
    expect([nav.tab, nav.trail]).toEqual(["tables", []]);
    await back();
    expect(nav.tab).toBe("queue");
  });

  it("never comes back to what was left for another place", async () => {
    nav.open(TABLE);
    nav.open(ORDER);
    nav.show(TABLE); // sent: the order gives way to its table
    await vi.waitFor(() => expect(history.state.trail).toEqual([TABLE]));
    await back();
    expect(nav.trail).toEqual([]);
  });

  it("closes an open sheet and stays on the screen under it", async () => {
    nav.open(TABLE);
    const sheet = document.createElement("div");
    sheet.setAttribute("role", "dialog");
    sheet.dataset.state = "open";
    sheet.addEventListener("keydown", (event) => event.key === "Escape" && sheet.remove());
    document.body.append(sheet);
    await back();
    expect(document.querySelector("[role=dialog]")).toBeNull();
    expect(nav.trail).toEqual([TABLE]);
    await vi.waitFor(() => expect(history.state.trail).toEqual([TABLE]));
    await back();
    expect(nav.trail).toEqual([]);
  });

  it("keeps up with somebody faster than the browser", async () => {
    nav.open(TABLE);
    nav.open(ORDER);
    nav.back();
    nav.back();
    nav.open(ORDER);
    expect(nav.trail).toEqual([ORDER]);
    await vi.waitFor(() => expect(history.state.trail).toEqual([ORDER]));
    await back();
    expect(nav.trail).toEqual([]);
  });
});

describe("a reload", () => {
  it("comes back to what was open", () => {
    nav.go("tables");
    nav.open(ORDER);
    stop();
    begin();
    expect([nav.tab, nav.trail]).toEqual(["tables", [ORDER]]);
  });

  it("shows another person nothing of it", () => {
    nav.open(ORDER);
    stop();
    begin("leo");
    expect(nav.trail).toEqual([]);
    expect(history.state.who).toBe("leo");
  });
});
