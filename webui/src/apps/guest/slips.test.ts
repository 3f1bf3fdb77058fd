// @vitest-environment jsdom
import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { emptyCart } from "$features/guests/visit";
import { startLanguage } from "$lib/i18n.svelte";
import App from "./App.svelte";
import { TestPhone, VISIT, view } from "./test-phone";

const user = userEvent.setup();
const BIFE = {
  line_id: "l1",
  item_id: "bife",
  variant_id: "",
  modifier_ids: ["doneness/rare"],
  quantity: 1,
  note: "sin sal",
  allergies: ["nuts"],
};

async function tap(role: "button" | "radio", name: string | RegExp): Promise<void> {
  await user.click(await screen.findByRole(role, { name }));
}

async function opened(kept = {}): Promise<TestPhone> {
  const phone = new TestPhone({ visit: VISIT, ...kept });
  render(App, { guest: phone.guest, code: "" });
  await screen.findByRole("heading", { name: "Entradas" });
  await vi.waitFor(() => expect(document.querySelectorAll("dialog")).toHaveLength(2), { timeout: 20_000 }); // the sheets came
  return phone;
}

beforeEach(() => {
  startLanguage();
  vi.stubGlobal("scrollTo", () => {});
  Element.prototype.scrollTo = () => {};
});

describe("a slip of the finger", () => {
  it("gives a dish back with all that was chosen on it", async () => {
    const phone = await opened({ cart: { ...emptyCart(), lines: [BIFE] } });
    await tap("button", /^Ver pedido/);
    await tap("button", "Uno menos de Bife de chorizo");
    expect(phone.guest.kept.cart.lines).toEqual([]);
    await tap("button", "Deshacer");
    expect(phone.guest.kept.cart.lines).toEqual([BIFE]);
    expect(screen.queryByRole("button", { name: "Deshacer" })).toBeNull();
  });
});

describe("the tip", () => {
  it("is none, a tenth or one of the guest's own, and each sees their part", async () => {
    const phone = await opened();
    phone.show(view({ total_minor: 10_000_00, covers: 2 }));
    await tap("button", "Ver la mesa");
    await tap("button", "La cuenta");
    const part = () => screen.getByText("Cada uno").parentElement?.textContent?.replace(/\s/g, " ");
    expect(part()).toBe("Cada uno$ 5.000");
    await tap("radio", "10 %");
    expect(part()).toBe("Cada uno$ 5.500");
    await tap("radio", "Otra");
    await tap("button", /^Uno más: Propina/);
    expect(part()).toBe("Cada uno$ 5.650");
    await tap("radio", "No");
    expect(part()).toBe("Cada uno$ 5.000");
  });
});
