// @vitest-environment jsdom
import { expect, test } from "vitest";
import type { Attention } from "$generated/vocabulary";
import { startLanguage } from "$lib/i18n.svelte";
import { attentionWords } from "./words";

const off = (name: string, amount_minor: number): Attention => ({
  kind: "drawer",
  venue_id: "v",
  venue_name: "V",
  name,
  amount_minor,
  reason: "",
  by: "caro",
  at_ms: 1,
});

test("cash that lacks or is over is of a drawer by its name, or of what a waiter handed over", () => {
  startLanguage();
  expect([off("Barra", -5), off("Barra", 5), off("", -5), off("", 5)].map(attentionWords)).toEqual([
    "Faltante en Barra",
    "Sobrante en Barra",
    "Faltante en la rendición de un mozo",
    "Sobrante en la rendición de un mozo",
  ]);
});
