import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BeatFrame, ByeFrame, CommandAnswer, SnapshotFrame, ViewsFrame } from "$generated/vocabulary";

/** What a real edge said in one small evening: tests/golden/frames, written and compared by a test of the edge. For tests. */
export interface Recorded {
  /** A venue that nobody has set up. */
  empty: SnapshotFrame;
  /** Dinner: a table that eats, one whose phone asks for something and calls, a printer without paper. */
  service: SnapshotFrame;
  /** What happened since: a counter sale was paid, a flan added. Phones get their visit whole and have none. */
  changed: ViewsFrame;
  beats: { live: BeatFrame; refused: BeatFrame; stuck: BeatFrame };
  byes: Record<string, ByeFrame>;
  answers: { done: CommandAnswer; refused: CommandAnswer };
}

export function recorded(app: "waiter" | "pos" | "kds" | "guest"): Recorded {
  const file = join(process.cwd(), "..", "tests", "golden", "frames", `${app}.json`);
  return JSON.parse(readFileSync(file, "utf8")) as Recorded;
}
