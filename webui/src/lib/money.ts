const pesos = new Intl.NumberFormat("es-AR", {
  style: "currency",
  currency: "ARS",
  trailingZeroDisplay: "stripIfInteger",
});
const plain = new Intl.NumberFormat("es-AR", { minimumFractionDigits: 2, trailingZeroDisplay: "stripIfInteger" });

/** `$ 12.500`, `-$ 12.500,50`: minor units in, text out; the space does not break. */
export function money(minor: number): string {
  return pesos.format(minor / 100);
}

/** The same without the sign of the currency, as columns and keypads show it. */
export function amount(minor: number): string {
  return plain.format(minor / 100);
}

/** `+$ 1.200` for an option's price; nothing when it is free. */
export function surcharge(minor: number): string {
  if (minor === 0) return "";
  return minor > 0 ? `+${money(minor)}` : money(minor);
}

/**
 * What a person typed as minor units: `12.500`, `12500,5`, `$ 1.200,50`, `1200.50`. Null when it is no amount.
 *
 * A dot is for thousands unless it is the only mark and one or two digits follow it.
 */
export function parseMoney(text: string): number | null {
  const bare = text.replace(/[$\s\u00a0]/g, "");
  const match = /^(-?)([\d.]*)(?:,(\d{0,2}))?$/.exec(/^-?\d+\.\d{1,2}$/.test(bare) ? bare.replace(".", ",") : bare);
  if (!match) return null;
  const [, sign, whole = "", cents = ""] = match;
  if (!/^(\d+|\d{1,3}(\.\d{3})+)?$/.test(whole) || (whole === "" && cents === "")) return null;
  const minor = Number(whole.replaceAll(".", "") || "0") * 100 + Number(cents.padEnd(2, "0") || "0");
  return Number.isSafeInteger(minor) ? (sign && minor !== 0 ? -minor : minor) : null;
}

/** `10,5%` from basis points (1050). */
export function percent(basisPoints: number): string {
  return `${new Intl.NumberFormat("es-AR", { maximumFractionDigits: 2 }).format(basisPoints / 100)}%`;
}
