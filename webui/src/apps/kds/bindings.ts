import { KEYS, type KeyAct, slotKey } from "$features/kitchen/keys";
import type { Keyboard } from "$lib/keyboard";
import type { BoardState } from "./board.svelte";
import type { Kitchen } from "./kitchen.svelte";
import { EXPO } from "./settings";

const MOST_SLOTS = 8;

/** The bump bar on the board; returns what unbinds it. A button reached with Tab keeps its own Enter and space. */
export function bindKeys(keyboard: Keyboard, { kitchen, board }: { kitchen: Kitchen; board: BoardState }): () => void {
  const isBoard = () => kitchen.screen === "board" && kitchen.place !== EXPO;
  const isFree = () => isBoard() && (document.activeElement === null || document.activeElement === document.body);
  const bind = (key: KeyAct, run: () => void, when = isBoard) => keyboard.bind(key.id, key.preset, run, when);
  const unbind = [
    ...Array.from({ length: MOST_SLOTS }, (_, slot) => bind(slotKey(slot), () => board.press(slot))),
    bind(KEYS.enter, () => board.pressChosen(), isFree),
    bind(KEYS.left, () => board.choose("left")),
    bind(KEYS.right, () => board.choose("right")),
    bind(KEYS.up, () => board.choose("up")),
    bind(KEYS.down, () => board.choose("down")),
    bind(KEYS.recall, () => board.recallLast()),
    bind(KEYS.totals, () => kitchen.set({ hasTotals: !kitchen.settings.hasTotals }), isFree),
    bind(KEYS.next, () => board.turn(1)),
    bind(KEYS.previous, () => board.turn(-1)),
  ];
  return () => {
    for (const one of unbind) one();
  };
}
