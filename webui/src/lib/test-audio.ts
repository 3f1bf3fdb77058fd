/** An ear for tests: what jsdom has not got of a browser's audio. Each tone that starts is noted by its pitch. */
export class TestEar {
  readonly tones: number[] = [];

  constructor() {
    const { tones } = this;
    const gain = () => ({ gain: ramps(), connect: () => undefined });
    globalThis.AudioContext = class {
      state = "running";
      currentTime = 0;
      destination = {};
      resume = async () => undefined;
      createGain = gain;
      createOscillator() {
        const frequency = { value: 0 };
        return {
          frequency,
          connect: () => undefined,
          start: () => tones.push(frequency.value),
          stop: () => undefined,
        };
      }
    } as unknown as typeof AudioContext;
  }

  /** How often a cue sounded, by the pitch that only it begins with. */
  heard(cue: "fault" | "call"): number {
    const [hz, pulses] = cue === "fault" ? [880, 5] : [1175, 3];
    return this.tones.filter((tone) => tone === hz).length / pulses;
  }
}

function ramps() {
  const nothing = () => undefined;
  return {
    value: 0,
    setValueAtTime: nothing,
    linearRampToValueAtTime: nothing,
    exponentialRampToValueAtTime: nothing,
  };
}
