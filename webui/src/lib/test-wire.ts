import type { EdgeFrame, HelloFrame, HereFrame } from "$generated/vocabulary";

/** The socket of a screen, at whose other end stands what a real edge said. For tests. */
export class Wire {
  static open: Wire | undefined;
  static hellos: HelloFrame[] = [];
  static answer: (hello: HelloFrame) => EdgeFrame[] = () => [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;

  constructor() {
    Wire.open = this;
    queueMicrotask(() => {
      this.readyState = 1;
      this.onopen?.();
    });
  }

  send(text: string): void {
    const hello = JSON.parse(text) as HelloFrame | HereFrame;
    if (hello.type !== "hello") return; // that somebody sees the screen: the edge says nothing to it
    Wire.hellos.push(hello);
    for (const frame of Wire.answer(hello)) this.say(frame);
  }

  say(frame: EdgeFrame): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  close(): void {
    this.readyState = 3;
    this.onclose?.();
  }
}
