// @vitest-environment jsdom
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { render, screen, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { startApp } from "$lib/app.svelte";
import * as Ui from "$ui";
import Gallery from "./Gallery.svelte";

const folder = import.meta.dirname;
const markup = readdirSync(folder)
  .filter((name) => name.endsWith(".svelte"))
  .map((name) => readFileSync(join(folder, name), "utf8"))
  .join("\n");

test("the gallery draws every part there is", () => {
  const parts = Object.keys(Ui).filter((name) => /^[A-Z][a-z]/.test(name));
  expect(parts.length).toBeGreaterThan(25);
  expect(parts.filter((name) => !new RegExp(`<Ui\\.${name}\\b`).test(markup))).toEqual([]);
});

test("and draws them in both themes", async () => {
  const app = await startApp({ app: "gallery" });
  render(Gallery, { app, show: null });
  for (const theme of ["light", "dark"]) {
    const shown = within(screen.getByRole("region", { name: theme }));
    expect(shown.getAllByRole("button", { name: /Confirmar/ })).toHaveLength(1);
    expect(shown.getAllByRole("table", { name: "Vendidos" })).toHaveLength(2);
  }
  await app.stop();
});
