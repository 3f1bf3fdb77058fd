// @vitest-environment jsdom
import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test, vi } from "vitest";
import Tabs, { tabIdOf } from "./Tabs.svelte";

const tabs = ["Entradas", "Parrilla", "Postres"].map((label) => ({ value: label.toLowerCase(), label }));

function show(changes: { value?: string | null; isUpright?: boolean } = {}) {
  const onchoose = vi.fn((value: string) => shown.rerender({ value }));
  const shown = render(Tabs, { tabs, label: "Carta", value: "entradas", panelId: "dishes", onchoose, ...changes });
  return { onchoose, user: userEvent.setup() };
}
const tab = (name: string) => screen.getByRole("tab", { name });

describe("tabs", () => {
  test("are one stop, and arrows go from one to the next and around", async () => {
    const { onchoose, user } = show();
    await user.tab();
    expect(document.activeElement).toBe(tab("Entradas"));
    await user.keyboard("{ArrowRight}");
    expect(document.activeElement).toBe(tab("Parrilla"));
    expect(tab("Parrilla").ariaSelected).toBe("true");
    await user.keyboard("{End}{ArrowRight}{ArrowLeft}{Home}");
    expect(onchoose.mock.calls.flat()).toEqual(["parrilla", "postres", "entradas", "postres", "entradas"]);
    await user.tab();
    expect(document.activeElement).toBe(document.body);
  });

  test("at the side of their panel, up and down do it, and left and right do nothing", async () => {
    const { onchoose, user } = show({ isUpright: true });
    await user.tab();
    await user.keyboard("{ArrowRight}{ArrowDown}");
    expect(onchoose.mock.calls.flat()).toEqual(["parrilla"]);
    expect(screen.getByRole("tablist").ariaOrientation).toBe("vertical");
  });

  test("can be reached while none is chosen", async () => {
    const { user } = show({ value: null });
    await user.tab();
    expect(document.activeElement).toBe(tab("Entradas"));
    expect(screen.queryByRole("tab", { selected: true })).toBeNull();
  });

  test("name the panel that they change", () => {
    show();
    expect(tab("Postres").getAttribute("aria-controls")).toBe("dishes");
    expect(tab("Postres").id).toBe(tabIdOf("dishes", "postres"));
  });
});
