/** How much of this device's room the browser has given out. */
export interface SpaceUse {
  usedBytes: number;
  quotaBytes: number;
  /** Whether the browser has promised not to throw it away. */
  isPersistent: boolean;
}

const NEARLY_FULL = 0.9;
const ROOMY_AGAIN = 0.8;

/** Whether there is room for more than what people typed. */
export class Space {
  isRoomy = true;

  /** Null where the browser does not say: on plain http, for one. */
  async measure(): Promise<SpaceUse | null> {
    const storage = globalThis.navigator?.storage;
    if (!storage?.estimate) return null;
    try {
      const [{ usage = 0, quota = 0 }, isPersistent] = await Promise.all([storage.estimate(), storage.persisted()]);
      return { usedBytes: usage, quotaBytes: quota, isPersistent };
    } catch {
      return null; // a browser that keeps nothing knows no size either
    }
  }

  /** Whether the device has become nearly full: at nine tenths, and until it is well below. */
  async isFilling(): Promise<boolean> {
    const use = await this.measure();
    if (!use || use.quotaBytes === 0) return false;
    const share = use.usedBytes / use.quotaBytes;
    const wasRoomy = this.isRoomy;
    if (share >= NEARLY_FULL) this.isRoomy = false;
    else if (share < ROOMY_AGAIN) this.isRoomy = true;
    return wasRoomy && !this.isRoomy;
  }
}
