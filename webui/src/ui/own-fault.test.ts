// @vitest-environment jsdom
import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { alone } from "$lib/alone";
import OwnFault from "./OwnFault.svelte";

test("work that nobody waits for and that fails is told in words, until it is put away", async () => {
  render(OwnFault);
  expect(screen.queryByRole("alert")).toBeNull();
  alone(Promise.reject(new Error("no such column")));
  expect((await screen.findByRole("alert")).textContent).toContain("no such column");
  await userEvent.click(screen.getByRole("button", { name: "Cerrar" }));
  expect(screen.queryByRole("alert")).toBeNull();
});

test("what was given up on purpose is no fault", async () => {
  render(OwnFault);
  alone(Promise.reject(new DOMException("stopped", "AbortError")));
  await new Promise((done) => setTimeout(done));
  expect(screen.queryByRole("alert")).toBeNull();
});
