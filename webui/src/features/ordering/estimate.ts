import type {
  ChosenModifier,
  LineAsk,
  Menu,
  MenuItem,
  ModifierGroup,
  OrderedLine,
  Variant,
} from "$generated/vocabulary";

/** What a line would cost and what it still lacks. For showing only: the edge prices every line itself. */
export interface Estimate {
  item: MenuItem | undefined;
  variant: Variant | undefined;
  modifiers: ChosenModifier[];
  unitMinor: number;
  grossMinor: number;
  /** Names of what must still be chosen; an empty name asks for the size. */
  missing: string[];
}

const NOTHING: Estimate = {
  item: undefined,
  variant: undefined,
  modifiers: [],
  unitMinor: 0,
  grossMinor: 0,
  missing: [],
};

/** The groups of an item, in the order of the item. */
export function groupsOf(menu: Menu, item: MenuItem): ModifierGroup[] {
  return item.group_ids.flatMap((id) => menu.groups.filter((group) => group.id === id));
}

/** A line as it would be priced today: the variant's price stands instead of the item's; the first `free_count` of a group cost nothing. */
export function estimate(menu: Menu, ask: LineAsk): Estimate {
  const item = menu.items.find((one) => one.id === ask.item_id);
  if (!item) return NOTHING;
  const variant = item.variants.find((one) => one.id === ask.variant_id);
  const missing = item.variants.length > 0 && !variant ? [""] : [];
  const modifiers: ChosenModifier[] = [];
  const wanted = [...new Set(ask.modifier_ids ?? [])];
  for (const group of groupsOf(menu, item)) {
    const chosen = wanted.flatMap((id) => group.modifiers.filter((one) => `${group.id}/${one.id}` === id));
    if (chosen.length < group.min) missing.push(group.name);
    chosen.forEach((one, place) => {
      const price_minor = place < group.free_count ? 0 : one.price_minor;
      modifiers.push({ group_id: group.id, modifier_id: one.id, name: one.name, price_minor });
    });
  }
  const base = variant?.price_minor ?? item.price_minor;
  const unitMinor = Math.max(
    0,
    modifiers.reduce((sum, one) => sum + one.price_minor, base),
  );
  return { item, variant, modifiers, unitMinor, grossMinor: unitMinor * (ask.quantity ?? 1), missing };
}

type Held = Pick<OrderedLine, "item_id" | "variant_id" | "modifiers" | "unit_minor">;

/** A line of a check as its edit would make it: the same dish keeps the price that it has, and its options theirs. */
export function estimateHeld(menu: Menu, ask: LineAsk, held: Held): Estimate {
  const today = estimate(menu, ask);
  if (ask.item_id !== held.item_id || (ask.variant_id ?? "") !== held.variant_id) return today;
  const chosen = new Map(held.modifiers.map((one) => [`${one.group_id}/${one.modifier_id}`, one]));
  const wanted = new Set(ask.modifier_ids ?? []);
  const isSame = wanted.size === chosen.size && [...wanted].every((id) => chosen.has(id));
  const modifiers = isSame ? held.modifiers : [...gone(menu, wanted, chosen), ...kept(menu, today.modifiers, chosen)];
  const costs = (all: readonly ChosenModifier[]) => all.reduce((sum, one) => sum + one.price_minor, 0);
  const unitMinor = Math.max(0, held.unit_minor - costs(held.modifiers) + costs(modifiers));
  const missing = isSame ? [] : today.missing;
  return { ...today, modifiers: [...modifiers], unitMinor, grossMinor: unitMinor * (ask.quantity ?? 1), missing };
}

/** Of those that were chosen, the ones that no menu has any more. */
function gone(menu: Menu, wanted: Set<string>, chosen: Map<string, ChosenModifier>): ChosenModifier[] {
  const onMenu = new Set(menu.groups.flatMap((group) => group.modifiers.map((one) => `${group.id}/${one.id}`)));
  return [...wanted].flatMap((id) => (onMenu.has(id) ? [] : (chosen.get(id) ?? [])));
}

/** Today's choices at the price they were chosen for, but for groups whose first ones are free. */
function kept(menu: Menu, today: ChosenModifier[], chosen: Map<string, ChosenModifier>): ChosenModifier[] {
  const counts = new Set(menu.groups.filter((group) => group.free_count > 0).map((group) => group.id));
  return today.map((one) =>
    counts.has(one.group_id) ? one : (chosen.get(`${one.group_id}/${one.modifier_id}`) ?? one),
  );
}

/** What the lines cost together, before the edge answers. */
export function estimateTotal(menu: Menu, asks: LineAsk[]): number {
  return asks.reduce((sum, ask) => sum + estimate(menu, ask).grossMinor, 0);
}

/** The choices an item begins with: those the menu marks, never more than a group takes. */
export function defaultModifiers(menu: Menu, item: MenuItem): string[] {
  return groupsOf(menu, item).flatMap((group) =>
    group.modifiers
      .filter((one) => one.is_default)
      .slice(0, group.max)
      .map((one) => `${group.id}/${one.id}`),
  );
}

/** Another choice of a group: the only one when it takes one, else on or off while there is room. */
export function toggleModifier(group: ModifierGroup, modifierIds: string[], modifierId: string): string[] {
  const id = `${group.id}/${modifierId}`;
  const isOn = modifierIds.includes(id);
  const ofGroup = modifierIds.filter((one) => one.startsWith(`${group.id}/`));
  const others = modifierIds.filter((one) => !one.startsWith(`${group.id}/`));
  if (isOn)
    return ofGroup.length === 1 && group.min === 1 && group.max === 1
      ? modifierIds
      : modifierIds.filter((one) => one !== id);
  if (group.max === 1) return [...others, id];
  return ofGroup.length < group.max ? [...modifierIds, id] : modifierIds;
}

/** What must have been asked to get this line: to edit a draft or to order it again. */
export function askOf(
  line: Pick<
    OrderedLine,
    "line_id" | "item_id" | "variant_id" | "modifiers" | "quantity" | "course" | "note" | "allergies" | "seat"
  >,
): LineAsk {
  return {
    line_id: line.line_id,
    item_id: line.item_id,
    variant_id: line.variant_id,
    modifier_ids: line.modifiers.map((one) => `${one.group_id}/${one.modifier_id}`),
    quantity: line.quantity,
    course: line.course,
    note: line.note,
    allergies: [...line.allergies],
    seat: line.seat,
  };
}
