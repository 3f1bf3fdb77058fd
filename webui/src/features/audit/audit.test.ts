import { expect, test } from "vitest";
import type { AuditMoment } from "$generated/vocabulary";
import { matches } from "$lib/text";
import { aloud, kindWord, whatOf, whoOf } from "./words";

const NOTHING: AuditMoment = {
  kind: "void",
  at_ms: 1,
  by_name: "Ana",
  approved_by_name: "Marta",
  device_name: "",
  command: "",
  code: "",
  dish: "Bife",
  quantity: 2,
  amount_minor: 24_500_00,
  reason: "Se cayó",
  check_id: "c",
  check_number: 412,
};

test("a void says what, how much, why, of which check, and who", () => {
  expect(kindWord("void")).toBe("Anulado después de enviar");
  expect(whatOf(NOTHING)).toBe("2 Bife · $ 24.500 · Se cayó · Cuenta 412".replace("$ ", "$\u00a0"));
  expect(whoOf(NOTHING)).toBe("Ana · aprobó Marta");
});

test("a refusal says in words why, and a kind of another release keeps its name", () => {
  const refusal = { ...NOTHING, kind: "refusal", code: "needs_manager", dish: "", amount_minor: 0, check_number: 0 };
  expect(whatOf(refusal)).not.toContain("needs_manager");
  expect(kindWord("another")).toBe("another");
});

test("it is found by person, dish, reason and amount", () => {
  for (const words of ["ana", "marta bife", "cayo", "24.500"]) expect(matches(aloud(NOTHING), words)).toBe(true);
  expect(matches(aloud(NOTHING), "provoleta")).toBe(false);
});
