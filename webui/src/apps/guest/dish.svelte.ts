import type { Wish } from "$features/guests/visit";
import { defaultModifiers, type Estimate, estimate, groupsOf, toggleModifier } from "$features/ordering/estimate";
import type { Menu, MenuItem, ModifierGroup } from "$generated/vocabulary";
import { newId } from "$lib/ids";
import { surcharge } from "$lib/money";
import { nameOf } from "./names";

/** The question about an item's size, beside its groups. */
export const SIZE = "size";

/** One answer to a question. */
export interface Choice {
  id: string;
  name: string;
  detail: string;
  isOn: boolean;
  isDisabled?: boolean;
}

/** A dish while its options are chosen. */
export class DishForm {
  wish = $state<Wish>(newWish());
  /** The question that was still open when the guest wanted to go on. */
  asked = $state("");
  readonly groups: ModifierGroup[];

  constructor(
    readonly menu: Menu,
    readonly item: MenuItem,
    line: Wish | undefined,
    /** What it was opened for: another place is another form. */
    readonly place: unknown = null,
  ) {
    this.wish = line
      ? { ...line, modifier_ids: [...line.modifier_ids], allergies: [...line.allergies] }
      : wishFor(menu, item);
    const groups = groupsOf(menu, item);
    this.groups = [...groups.filter((group) => group.min > 0), ...groups.filter((group) => group.min === 0)];
  }

  get estimate(): Estimate {
    return estimate(this.menu, this.wish);
  }

  /** The first question that needs an answer: a group's id, `size`, or "" when all is chosen. */
  get open(): string {
    if (this.item.variants.length > 0 && !this.item.variants.some((one) => one.id === this.wish.variant_id))
      return SIZE;
    return this.groups.find((group) => this.chosenOf(group) < group.min)?.id ?? "";
  }

  chosenOf(group: ModifierGroup): number {
    return group.modifiers.filter((one) => this.wish.modifier_ids.includes(`${group.id}/${one.id}`)).length;
  }

  /** The answers to a question as they are drawn: a group that is full takes no more. */
  choicesOf(group: ModifierGroup): Choice[] {
    const chosen = new Set(this.wish.modifier_ids);
    const isFull = group.max > 1 && this.chosenOf(group) >= group.max;
    const priced = new Map(
      this.estimate.modifiers.map((one) => [`${one.group_id}/${one.modifier_id}`, one.price_minor]),
    );
    return group.modifiers.map((one) => {
      const id = `${group.id}/${one.id}`;
      const isOn = chosen.has(id);
      const detail = surcharge(priced.get(id) ?? one.price_minor);
      return { id: one.id, name: nameOf(one), detail, isOn, isDisabled: isFull && !isOn };
    });
  }

  toggle(group: ModifierGroup, modifierId: string): void {
    this.wish.modifier_ids = toggleModifier(group, this.wish.modifier_ids, modifierId);
    this.#heard();
  }

  chooseSize(variantId: string): void {
    this.wish.variant_id = variantId;
    this.#heard();
  }

  avoid(allergies: string[]): void {
    this.wish.allergies = allergies;
  }

  /** The wish, once nothing is open; else null, and `asked` says what is. */
  finish(): Wish | null {
    this.asked = this.open;
    return this.asked ? null : { ...$state.snapshot(this.wish), note: this.wish.note.trim() };
  }

  #heard(): void {
    if (this.asked && this.asked !== this.open) this.asked = "";
  }
}

/** A dish as it begins: one of it, with what the menu marks as usual. */
export function wishFor(menu: Menu, item: MenuItem): Wish {
  const [only] = item.variants;
  return {
    ...newWish(),
    item_id: item.id,
    variant_id: item.variants.length === 1 && only ? only.id : "",
    modifier_ids: defaultModifiers(menu, item),
  };
}

function newWish(): Wish {
  return {
    line_id: newId(),
    item_id: "",
    variant_id: "",
    modifier_ids: [],
    quantity: 1,
    note: "",
    allergies: [],
  };
}
