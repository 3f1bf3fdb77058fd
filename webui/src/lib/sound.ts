export type Cue = "draft" | "ready" | "call" | "ticket" | "change" | "fault";

interface Note {
  hz: number;
  ms: number;
  gapMs?: number;
  /** A bell dies away over its length instead of ending. */
  bell?: boolean;
}

const FAULT_PULSES = 5;
const GROUP_MS = 3000;
const FAULT_EVERY_MS = 20_000;

/** The six cues and no more; each is at most a second but the fault. */
export const CUES: Record<Cue, Note[]> = {
  draft: [note(988, 120), note(1319, 120)],
  ready: [{ hz: 1568, ms: 500, bell: true }],
  call: [note(1175, 80, 60), note(1175, 80, 60), note(1175, 80)],
  ticket: [note(784, 150), note(1175, 150)],
  change: [note(1319, 120), note(988, 120), note(1319, 120)],
  fault: Array.from({ length: FAULT_PULSES }, () => note(880, 200, 200)),
};

/** Partials of each note: a plain sine disappears in a kitchen. */
const PARTIALS = [1, 0.55, 0.35, 0.2];

/** Plays cues on this device. Browsers stay mute until `unlock` is called from a touch. */
export class Sound {
  volume = 0.8;
  #context: AudioContext | null = null;
  #last = new Map<Cue, number>();
  #silentUntil = 0;
  #fault: ReturnType<typeof setInterval> | undefined;
  #isFaultHeard = false;
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Whether a cue would be heard: if not, the screen must say so. */
  get isHeard(): boolean {
    return this.#context?.state === "running" && this.volume > 0;
  }

  get silentUntilMs(): number {
    return this.#silentUntil;
  }

  /** Call from a touch or a key: only then may a browser make sound. */
  async unlock(): Promise<boolean> {
    if (typeof AudioContext === "undefined") return false;
    this.#context ??= new AudioContext();
    await this.#context.resume();
    // What rang before anybody touched the screen rang for nobody: its twenty seconds begin now.
    if (this.#fault && !this.#isFaultHeard && this.isHeard) this.#ringFault();
    return this.isHeard;
  }

  /** Quiet for a while, faults excepted. */
  silence(ms: number): void {
    this.#silentUntil = this.#now() + ms;
  }

  /** Plays a cue once; the same cue within three seconds shares the first. False when it was not played. */
  play(cue: Cue): boolean {
    const at = this.#now();
    if (cue !== "fault" && at < this.#silentUntil) return false;
    if (at - (this.#last.get(cue) ?? Number.NEGATIVE_INFINITY) < GROUP_MS) return false;
    this.#last.set(cue, at);
    vibrate(CUES[cue]);
    if (!this.#context || !this.isHeard) return false;
    let start = this.#context.currentTime + 0.02;
    for (const one of CUES[cue]) {
      sing(this.#context, { note: one, start, volume: this.volume });
      start += (one.ms + (one.gapMs ?? 0)) / 1000;
    }
    return true;
  }

  /** The fault cue, again every twenty seconds until `calm`. */
  alarm(): void {
    if (this.#fault) return;
    this.#ringFault();
  }

  /** A person said *Entendido*. */
  calm(): void {
    clearInterval(this.#fault);
    this.#fault = undefined;
  }

  #ringFault(): void {
    clearInterval(this.#fault);
    const ring = () => {
      if (!this.#isFaultHeard) this.#last.delete("fault"); // one that nobody heard is none to share
      this.#isFaultHeard = this.play("fault");
    };
    this.#fault = setInterval(ring, FAULT_EVERY_MS);
    ring();
  }
}

function note(hz: number, ms: number, gapMs = 0): Note {
  return { hz, ms, gapMs };
}

function sing(context: AudioContext, { note, start, volume }: { note: Note; start: number; volume: number }): void {
  const end = start + note.ms / 1000;
  const gain = context.createGain();
  gain.connect(context.destination);
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(volume * 0.4, start + 0.01);
  if (note.bell) gain.gain.exponentialRampToValueAtTime(0.001, end);
  else {
    gain.gain.setValueAtTime(volume * 0.4, end - 0.015);
    gain.gain.linearRampToValueAtTime(0, end);
  }
  for (const [index, weight] of PARTIALS.entries()) {
    const partial = context.createGain();
    partial.gain.value = weight / 2.1;
    partial.connect(gain);
    const tone = context.createOscillator();
    tone.frequency.value = note.hz * (index + 1);
    tone.connect(partial);
    tone.start(start);
    tone.stop(end + 0.02);
  }
}

function vibrate(notes: Note[]): void {
  if (globalThis.navigator?.userActivation?.hasBeenActive === false) return; // a browser would complain of it
  globalThis.navigator?.vibrate?.(notes.flatMap((one) => [one.ms, one.gapMs ?? 0]));
}
