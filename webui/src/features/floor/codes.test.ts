import { expect, test } from "vitest";
import { qrPath } from "./codes";

test("a QR has its three corners and a quiet border of two squares", () => {
  const { path, size } = qrPath("http://192.168.1.20:8080/t/abcdefgh12345678");
  const isDark = (x: number, y: number) => path.includes(`M${x} ${y}h1v1h-1z`);
  for (const [x, y] of [
    [2, 2],
    [size - 3, 2],
    [2, size - 3],
  ] as const)
    expect(isDark(x, y)).toBe(true);
  expect(isDark(1, 1)).toBe(false);
  expect(isDark(0, 5)).toBe(false);
});
