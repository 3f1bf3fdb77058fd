const FOUND = import.meta.glob<string>("./drawings/*.svg", {
  query: "?url&no-inline",
  import: "default",
  eager: true,
});

/** Names that a category may give, as the menu's editor offers them. */
export const DRAWINGS = Object.keys(FOUND).map(named);

/** The address of a drawing; nothing for a name that has none. */
export function drawingOf(name: string): string | undefined {
  return FOUND[`./drawings/${name}.svg`];
}

function named(path: string): string {
  return path.replace(/^.*\/|\.svg$/g, "");
}
