// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Sound } from "./sound";
import { TestEar } from "./test-audio";

let ear: TestEar;
let sound: Sound;

beforeEach(() => {
  vi.useFakeTimers();
  ear = new TestEar();
  sound = new Sound();
});
afterEach(() => {
  sound.calm();
  vi.useRealTimers();
});

test("a fault rings at once and every twenty seconds, until it is calm", async () => {
  await sound.unlock();
  sound.alarm();
  expect(ear.heard("fault")).toBe(1);
  sound.alarm();
  vi.advanceTimersByTime(40_000);
  expect(ear.heard("fault")).toBe(3);
  sound.calm();
  vi.advanceTimersByTime(60_000);
  expect(ear.heard("fault")).toBe(3);
});

test("a fault that began before anybody touched the screen is heard with the first touch", async () => {
  sound.alarm();
  vi.advanceTimersByTime(1000);
  expect(ear.heard("fault")).toBe(0);
  await sound.unlock();
  expect(ear.heard("fault")).toBe(1);
  await sound.unlock();
  vi.advanceTimersByTime(20_000);
  expect(ear.heard("fault")).toBe(2);
});

test("silence is for everything but a fault", async () => {
  await sound.unlock();
  sound.silence(600_000);
  expect(sound.play("call")).toBe(false);
  sound.alarm();
  expect([ear.heard("call"), ear.heard("fault")]).toEqual([0, 1]);
});
