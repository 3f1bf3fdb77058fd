import { Problem, type RequestSettings, request } from "./api";
import { staffWords } from "./rejections-staff";

/** What came of a question: nothing yet, words of a refusal, or that nobody answers. */
export type Outcome = "asking" | "answered" | "offline" | "refused";

/** A question asked of the edge beside the feed, and what is known of the answer. */
export class Question {
  outcome = $state<Outcome>("asking");
  /** What a refusal or a silence says to a person. */
  words = $state("");
  readonly #silence: () => string;
  /** Only the last question counts: a slow answer to an earlier one is not shown. */
  #turn = 0;

  /** `silence` is said when nobody answers. */
  constructor(silence: () => string) {
    this.#silence = silence;
  }

  /** The answer; null when it was refused, nobody answered, or another question was asked since. */
  async ask<Answer>(path: string, settings: RequestSettings): Promise<Answer | null> {
    this.#turn += 1;
    const turn = this.#turn;
    this.outcome = "asking";
    try {
      const answer = await request<Answer>(path, settings);
      if (turn !== this.#turn) return null;
      this.outcome = "answered";
      return answer;
    } catch (error) {
      if (turn !== this.#turn) return null;
      const isSilent = !(error instanceof Problem) || error.isUnreachable;
      this.outcome = isSilent ? "offline" : "refused";
      this.words = isSilent ? this.#silence() : staffWords(error.code, error.facts);
      return null;
    }
  }
}
