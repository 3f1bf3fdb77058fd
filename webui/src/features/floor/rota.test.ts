import { expect, test } from "vitest";
import type { DeviceView, StaffView } from "$generated/vocabulary";
import { NEVER_CHANGED } from "$lib/samples/service";
import { presenceWord, rotaPeople } from "./rota";

const person = (staff_id: string, role: string, signed_in_on: string[]): StaffView => ({
  staff_id,
  name: staff_id,
  role,
  permissions: [],
  locked_until_ms: 0,
  signed_in_on,
  ...NEVER_CHANGED,
});
const device = (device_id: string, is_awake: boolean) => ({ device_id, is_awake }) as DeviceView;

test("who serves a section: those who can be rung first, and why the others cannot", () => {
  const people = rotaPeople(
    [
      person("ana", "waiter", ["p1"]),
      person("beto", "waiter", []),
      person("caro", "cashier", ["p2", "p1"]),
      person("dani", "waiter", ["p2"]),
      person("eli", "cook", ["p1"]),
    ],
    [device("p1", true), device("p2", false)],
  );
  expect(people.map(({ name, presence }) => `${name} ${presenceWord(presence)}`.trim())).toEqual([
    "ana",
    "caro",
    "dani pantalla apagada",
    "beto fuera de turno",
  ]);
});

test("a screen in the office can be seen and rings nobody", () => {
  const office = { ...device("o1", true), role: "manage" };
  const [mara] = rotaPeople([person("mara", "manager", ["o1"])], [office]);
  expect(mara?.presence).toBe("asleep");
});
