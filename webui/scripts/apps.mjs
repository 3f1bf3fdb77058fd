/** The applications that ship, and the one named on the command line if any. */
export const APPS = ["guest", "waiter", "pos", "kds", "manage", "owner"];

export function chosenApps(argv) {
  const named = argv.filter((word) => !word.startsWith("-"));
  const unknown = named.filter((name) => !APPS.includes(name) && name !== "gallery");
  if (unknown.length > 0) {
    console.error(`No application is called ${unknown.join(", ")}. There are: ${APPS.join(", ")}.`);
    process.exit(2);
  }
  return named.length > 0 ? named : APPS;
}
