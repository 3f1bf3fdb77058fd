import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "@inlang/paraglide-js";
import { afterEach, describe, expect, test } from "vitest";
import { plurals } from "../../scripts/messages.mjs";
import { paraglideOptions } from "../../scripts/paraglide.mjs";
import * as m from "./messages";
import { locales, overwriteGetLocale } from "./paraglide/runtime.js";
import { staffWords } from "./rejections-staff";

afterEach(() => overwriteGetLocale(() => "es-AR"));

describe("one thing and many", () => {
  test("are said in words of their own", () => {
    expect(m.kds_tickets({ count: 1 })).toBe("1 comanda");
    expect(m.kds_tickets({ count: 2 })).toBe("2 comandas");
    expect(staffWords("pin_wrong", { attempts_left: 1 })).toContain("Queda 1 intento;");
    expect(staffWords("pin_wrong", { attempts_left: 3 })).toContain("Quedan 3 intentos;");
    expect(m.cash_z_close_open({ count: 1, amount: "$ 9" })).toBe(
      "Queda 1 cuenta abierta por $ 9: pasa al turno siguiente.",
    );
    overwriteGetLocale(() => "en");
    expect([m.attention_new({ count: 1 }), m.printing_waiting({ count: 1 })]).toEqual(["1 new", "1 print waits"]);
  });

  test("a million, which has a form of its own in Spanish, is said too", () => {
    for (const locale of locales) {
      overwriteGetLocale(() => locale);
      expect(m.owner_checks({ count: 1_000_000 })).toMatch(/^1.000.000 \p{L}+s$/u);
    }
  });
});

const ONE_OR_MANY = ["form=one", "form=*"];
const variant = (forms: string[]) => [
  {
    declarations: ["input count", "local form = count: plural"],
    selectors: ["form"],
    match: Object.fromEntries(forms.map((form) => [form, `{count} ${form}`])),
  },
];

describe("the check of the message files", () => {
  test("finds a number before a noun that has one form, and lets other words be", () => {
    expect(plurals("es-AR", "Quedan {count} intentos")).toEqual(["counts a noun in one form only"]);
    expect(plurals("es-AR", "{count} sin enviar")).toEqual([]);
    expect(plurals("es-AR", "Enviar {count}")).toEqual([]);
  });

  test("knows how many forms a language has", () => {
    expect(plurals("es-AR", variant(ONE_OR_MANY))).toEqual([]);
    expect(plurals("pl", variant(ONE_OR_MANY))).toEqual(["has one form for many and few"]);
    expect(plurals("pl", variant(["form=one", "form=few", "form=*"]))).toEqual([]);
    expect(plurals("pl", variant(["form=one", "form=few", "form=many"]))).toEqual([
      "has no words for any other form (form=*)",
    ]);
  });
});

test("a language with three forms says all three", async () => {
  const folder = mkdtempSync(join(tmpdir(), "plurals-"));
  try {
    const plugin = fileURLToPath(
      new URL("../../node_modules/@inlang/plugin-message-format/dist/index.js", import.meta.url),
    );
    const kept = { declarations: ["input count", "local form = count: plural"], selectors: ["form"] };
    const match = { "form=one": "{count} bilet", "form=few": "{count} bilety", "form=*": "{count} biletów" };
    mkdirSync(join(folder, "project.inlang"));
    writeFileSync(join(folder, "pl.json"), JSON.stringify({ kds_tickets: [{ ...kept, match }] }));
    writeFileSync(
      join(folder, "project.inlang", "settings.json"),
      JSON.stringify({
        baseLocale: "pl",
        locales: ["pl"],
        modules: [plugin],
        "plugin.inlang.messageFormat": { pathPattern: "./{locale}.json" },
      }),
    );
    const outdir = join(folder, "out");
    await compile({ ...paraglideOptions, project: join(folder, "project.inlang"), outdir });
    const words = await import(/* @vite-ignore */ join(outdir, "messages.js"));
    const said = [1, 2, 5, 22, 25].map((count) => words.kds_tickets({ count }));
    expect(said).toEqual(["1 bilet", "2 bilety", "5 biletów", "22 bilety", "25 biletów"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
