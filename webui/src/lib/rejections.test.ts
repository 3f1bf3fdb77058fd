import { afterEach, describe, expect, test } from "vitest";
import { complaints, unused } from "../../scripts/messages.mjs";
import { overwriteGetLocale } from "./paraglide/runtime.js";
import { guestWords } from "./rejections-guest";
import { staffWords } from "./rejections-staff";

afterEach(() => overwriteGetLocale(() => "es-AR"));

describe("refusals", () => {
  test("say what happened, who, when and what to do", () => {
    const facts = { by: "Leo", number: 412, closed_at_ms: Date.UTC(2026, 2, 6, 0, 14) };
    expect(staffWords("check_closed", facts)).toBe(
      "Leo cerró la cuenta 412 a las 21:14. Reabrila o pasá esto a otra mesa.",
    );
    overwriteGetLocale(() => "en");
    expect(staffWords("check_closed", facts)).toBe(
      "Leo closed check 412 at 21:14. Reopen it or move this to another table.",
    );
  });

  test("write money and lists as people read them, and a missing fact as a dash", () => {
    expect(staffWords("price_changed", { name: "Flan", price_minor: 960_000 })).toContain("Flan, ahora $\u00a09.600");
    expect(staffWords("drawers_open", { drawers: ["Caja 1", "Caja 2"] })).toContain("Caja 1, Caja 2");
    expect(staffWords("price_changed")).toContain("—");
  });

  test("a code nobody knows is our fault and says so", () => {
    expect(guestWords("no_such_code")).toBe("Algo falló de nuestro lado. Lo tuyo está guardado.");
  });
});

test("message files agree in both languages", () => expect(complaints()).toEqual([]));

test("every message is said somewhere", () => expect(unused()).toEqual([]));
