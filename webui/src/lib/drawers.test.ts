import { describe, expect, test } from "vitest";
import type { DeviceView, DrawerView } from "$generated/vocabulary";
import { denominationsOf, drawerOf, foundTotal, movedTotal, nameOf, openPurses, PURSE, placeOf } from "./drawers";
import { NEVER_CHANGED } from "./samples/service";
import { sampleDrawer } from "./samples/till";

const drawer = (drawer_id: string, state = "open") =>
  ({ session_id: drawer_id, drawer_id, state, purse_of: "" }) as DrawerView;
const device = (drawer_id: string) => ({ drawer_id }) as DeviceView;

describe("where a device's cash goes", () => {
  test("to its own drawer, whatever else is open", () => {
    expect(drawerOf(device("b"), [drawer("a"), drawer("b")])?.drawer_id).toBe("b");
  });

  test("to the only open one when it has none of its own", () => {
    expect(drawerOf(device(""), [drawer("a")])?.drawer_id).toBe("a");
    expect(drawerOf(device(PURSE), [drawer("a")])?.drawer_id).toBe("a");
  });

  test("nowhere while its own is closed, so that a second till opens its own", () => {
    expect(drawerOf(device("b"), [drawer("a"), drawer("b", "counted")])).toBeUndefined();
    expect(placeOf(device("b"), [drawer("a")])).toBe("");
  });

  test("nowhere when there are several, or none", () => {
    expect(drawerOf(undefined, [drawer("a"), drawer("b")])).toBeUndefined();
    expect(drawerOf(device("a"), [drawer("a", "counted")])).toBeUndefined();
  });
});

describe("a count", () => {
  test("adds up notes, coins and what is loose", () => {
    expect(foundTotal({ 2000000: 2, 100000: 3 }, 50)).toBe(4_300_050);
  });

  test("tells the edge only what there is of, biggest first", () => {
    expect(denominationsOf({ 100000: 3, 2000000: 2, 50000: 0 })).toEqual([
      [2_000_000, 2],
      [100_000, 3],
    ]);
  });

  test("tells loose money as one piece, so that all of it adds up", () => {
    const found = { 100000: 3 };
    const told = denominationsOf(found, 50);
    expect(told.reduce((sum, [value, count]) => sum + value * count, 0)).toBe(foundTotal(found, 50));
  });
});

test("what moved without a sale adds up with its signs", () => {
  const movements = [
    { kind: "cash_in", amount_minor: 500 },
    { kind: "drop", amount_minor: -200 },
    { kind: "payout", amount_minor: -100 },
    { kind: "no_sale", amount_minor: 0 },
  ] as DrawerView["movements"];
  expect(movedTotal({ movements })).toBe(200);
});

test("a purse is no drawer, and does not make the place of cash unclear", () => {
  const drawer = sampleDrawer();
  const purse = sampleDrawer({
    session_id: "s2",
    drawer_id: PURSE,
    drawer_name: "",
    purse_of: "ana",
    purse_of_name: "Ana",
  });
  expect(placeOf(undefined, [drawer, purse])).toBe(drawer.drawer_id);
  expect(openPurses([drawer, purse])).toEqual([purse]);
  expect([drawer, purse].map(nameOf)).toEqual([drawer.drawer_name, "Ana"]);
});

test("cash has no place of its own between two open drawers, until the device has one", () => {
  const drawers = [sampleDrawer(), sampleDrawer({ session_id: "s2", drawer_id: "barra", drawer_name: "Barra" })];
  const device = {
    device_id: "d",
    name: "d",
    role: "waiter",
    station_id: "",
    drawer_id: "",
    paired_at_ms: 0,
    revoked_at_ms: 0,
    is_awake: true,
    awake_changed_at_ms: 0,
    ...NEVER_CHANGED,
  };
  expect(placeOf(device, drawers)).toBe("");
  expect(placeOf({ ...device, drawer_id: "barra" }, drawers)).toBe("barra");
  expect(placeOf({ ...device, drawer_id: PURSE }, drawers)).toBe(PURSE);
});
