import { expect, test } from "vitest";
import { Keyboard, showCombo } from "./keyboard";

function key(name: string, more: Partial<KeyboardEvent> = {}): KeyboardEvent {
  const target = { tagName: "BODY", isContentEditable: false };
  return {
    key: name,
    code: `Key${name.toUpperCase()}`,
    repeat: false,
    isComposing: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    target,
    preventDefault: () => {},
    ...more,
  } as unknown as KeyboardEvent;
}

function aKeyboard(debounceMs = 0) {
  const clock = { ms: 0 };
  const keyboard = new Keyboard({ debounceMs, now: () => clock.ms });
  const pressed: string[] = [];
  const bind = (id: string, combo: string, when?: () => boolean) =>
    keyboard.bind(id, combo, () => pressed.push(id), when);
  return { keyboard, pressed, bind, clock };
}

test("a held key counts once, a bounce is not a second wish, two quick keys are two", () => {
  const { keyboard, pressed, bind, clock } = aKeyboard(150);
  bind("one", "1");
  bind("two", "2");
  keyboard.press(key("1"));
  keyboard.press(key("1", { repeat: true }));
  clock.ms = 100;
  keyboard.press(key("1"));
  keyboard.press(key("2"));
  clock.ms = 260;
  keyboard.press(key("1"));
  expect(pressed).toEqual(["one", "two", "one"]);
});

test("the last screen that bound a key has it, until it lets go or does not want it", () => {
  const { keyboard, pressed, bind } = aKeyboard();
  bind("under", "Escape");
  let wants = true;
  const release = bind("over", "Escape", () => wants);
  keyboard.press(key("Escape"));
  wants = false;
  keyboard.press(key("Escape"));
  wants = true;
  release();
  keyboard.press(key("Escape"));
  expect(pressed).toEqual(["over", "under", "under"]);
});

test("letters belong to whoever types; function keys work all the same", () => {
  const { keyboard, pressed, bind } = aKeyboard();
  bind("search", "/");
  bind("charge", "F8");
  const target = { tagName: "INPUT", isContentEditable: false } as unknown as EventTarget;
  keyboard.press(key("/", { target }));
  keyboard.press(key("F8", { target }));
  expect(pressed).toEqual(["charge"]);
});

test("a learnt key takes the place of the preset and is told to be kept", async () => {
  const { keyboard, pressed, bind } = aKeyboard();
  let kept: Record<string, string> = {};
  keyboard.onchosen = (chosen) => {
    kept = chosen;
  };
  bind("bump", "Enter");
  const learnt = keyboard.learn();
  keyboard.press(key("x", { code: "F13" }));
  keyboard.choose("bump", await learnt);
  keyboard.press(key("Enter", { code: "Enter" }));
  keyboard.press(key("x", { code: "F13" }));
  expect(pressed).toEqual(["bump"]);
  expect(kept).toEqual({ bump: "code:F13" });
});

test("keys are written as people know them", () => {
  expect(["Escape", "ctrl+k", "F8", "code:Numpad7", "Backspace"].map(showCombo)).toEqual([
    "Esc",
    "Ctrl K",
    "F8",
    "7",
    "⌫",
  ]);
});

test("Shift counts beside Ctrl, and is in the sign without it", () => {
  const { keyboard, pressed, bind } = aKeyboard();
  bind("undo", "ctrl+z");
  bind("redo", "ctrl+shift+z");
  bind("help", "?");
  keyboard.press(key("z", { ctrlKey: true }));
  keyboard.press(key("Z", { ctrlKey: true, shiftKey: true }));
  keyboard.press(key("?", { shiftKey: true }));
  expect(pressed).toEqual(["undo", "redo", "help"]);
  expect(["ctrl+k", "ctrl+shift+z"].map(showCombo)).toEqual(["Ctrl K", "Ctrl ⇧ Z"]);
});
