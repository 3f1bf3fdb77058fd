import { expect, test } from "vitest";
import type { BackupView } from "$generated/vocabulary";
import { backupTrouble, OLD_MS } from "./words";

const NOW = 1_772_841_600_000;
const good: BackupView = { made_at_ms: NOW, good_at_ms: NOW, copied: "", checked: "", problems: 0, second: "unset" };

test("a good backup says nothing, with and without a second place", () => {
  expect(backupTrouble(good, NOW)).toBe("");
  expect(backupTrouble({ ...good, second: "" }, NOW)).toBe("");
});

test("a stick that was pulled is named, with the age of the last good copy", () => {
  const words = backupTrouble({ ...good, second: "missing", good_at_ms: NOW - 7_200_000 }, NOW);
  expect(words).toBe(
    "La segunda copia no se pudo guardar: no está el disco o pendrive; conectalo. La última buena: hace 2 h 00.",
  );
});

test("a full disk is said, and that there is no good copy yet", () => {
  const words = backupTrouble({ ...good, copied: "no_room", checked: "not_done", good_at_ms: 0 }, NOW);
  expect(words).toBe(
    "No se pudo hacer la copia de seguridad: no hay lugar en el disco. Todavía no hay ninguna copia de seguridad buena.",
  );
});

test("a last copy of long ago is said although it was good", () => {
  expect(backupTrouble({ ...good, good_at_ms: NOW - OLD_MS - 3_600_000 }, NOW)).toContain("es de hace 73 h");
});
