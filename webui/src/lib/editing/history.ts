import { applied, diff, reverted, type Write } from "./document";
import { type Clash, merged } from "./merge";

/** One change with the name that *undo* says. */
export interface Step {
  name: string;
  /** What goes on with the same within a moment is the same step. */
  joins: string;
  at_ms: number;
  writes: Write[];
}

/** Everything that was changed, as steps, and which of them are done. */
export interface History<Doc> {
  /** The record as the edge has it, as far as we know. */
  base: Doc;
  /** After how many steps the document was the base. */
  baseAt: number;
  steps: readonly Step[];
  /** How many steps are done; those behind them can be done again. */
  at: number;
}

const STEPS = 200;

/** The document after so many of the steps. */
export function docAt<Doc>({ base, baseAt, steps }: History<Doc>, at: number): Doc {
  const writes = steps.slice(Math.min(at, baseAt), Math.max(at, baseAt)).map((step) => step.writes);
  return at < baseAt
    ? writes.reduceRight((doc, one) => reverted(doc, one), base)
    : writes.reduce((doc, one) => applied(doc, one), base);
}

/**
 * One more step after those that are done. What was undone cannot be done again then; but what is saved stays in the
 * history, `pinned` steps of it, and having undone it becomes a step of its own.
 */
export function withStep<Doc>(history: History<Doc>, step: Step, pinned: number): History<Doc> {
  const { base, baseAt, steps, at } = history;
  if (at >= pinned) return shortened({ base, baseAt, steps: [...steps.slice(0, at), step], at: at + 1 });
  const kept = steps.slice(0, pinned);
  const undone: Step = { ...step, joins: "", writes: diff(docAt(history, pinned), docAt(history, at)) };
  return shortened({ base, baseAt, steps: [...kept, undone, step], at: pinned + 2 });
}

/** The oldest two steps become one when there are too many. */
function shortened<Doc>(history: History<Doc>): History<Doc> {
  const { baseAt, steps, at } = history;
  const [, second, ...rest] = steps;
  if (steps.length <= STEPS || !second) return history;
  if (baseAt > 0) return { ...history, steps: steps.slice(1), baseAt: baseAt - 1, at: at - 1 };
  const writes = diff(docAt(history, 0), docAt(history, 2));
  return { ...history, steps: [{ ...second, writes }, ...rest], at: at - 1 };
}

/** The same steps on another base, and the pieces that both changed: *undo* never takes back what somebody else did. */
export function rebased<Doc>(history: History<Doc>, base: Doc): { history: History<Doc>; clashes: Clash[] } {
  const { baseAt, steps, at } = history;
  const clashes: Clash[] = [];
  const olds = [docAt(history, 0)];
  for (const { writes } of steps) olds.push(applied(olds.at(-1) as Doc, writes));
  const news: Doc[] = new Array(steps.length + 1);
  const follow = (from: number, to: number) => merged(olds[from], olds[to], news[from]) as Doc;
  news[baseAt] = base;
  for (let place = baseAt + 1; place <= steps.length; place++) news[place] = follow(place - 1, place);
  for (let place = baseAt - 1; place >= 0; place--) news[place] = follow(place + 1, place);
  if (at !== baseAt) news[at] = merged(history.base, olds[at], base, (clash) => clashes.push(clash)) as Doc;
  const moved = steps.map((step, place) => ({ ...step, writes: diff(news[place], news[place + 1]) }));
  return { history: { base, baseAt, steps: moved, at }, clashes };
}
