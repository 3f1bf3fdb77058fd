import { encode } from "uqr";
import type { TableCode } from "$generated/vocabulary";
import { request } from "$lib/api";

/** Every table's code. Throws Problem. */
export function tableCodes(token: string): Promise<TableCode[]> {
  return request("/tables/codes", { token });
}

/** A QR as one path of unit squares, and how many squares wide it is, its quiet border included. */
export function qrPath(text: string): { path: string; size: number } {
  const { data, size } = encode(text, { ecc: "M", border: 2 });
  let path = "";
  data.forEach((row, y) => {
    row.forEach((isDark, x) => {
      if (isDark) path += `M${x} ${y}h1v1h-1z`;
    });
  });
  return { path, size };
}
