import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { alone } from "./alone";
import { newId } from "./ids";
import { type Answer, type Command, Outbox, type OutboxNews } from "./outbox";
import { Shelf } from "./shelf";

type Reply = { status: number; body: unknown } | "hang up";

/** A door that answers as it is told and remembers each request; commands it did are done once for ever. */
class Door {
  readonly requests: { commands: Command[]; authorization: string | undefined }[] = [];
  readonly done = new Map<string, Command>();
  /** Answers for the next requests, before it goes back to doing everything. */
  script: ((commands: Command[]) => Reply)[] = [];
  readonly #server: Server = createServer((request, response) => alone(this.answer(request, response)));

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { commands } = JSON.parse(await read(request)) as { commands: Command[] };
    this.requests.push({ commands, authorization: request.headers.authorization });
    const reply = (this.script.shift() ?? ((all) => this.does(all)))(commands);
    if (reply === "hang up") response.destroy();
    else response.writeHead(reply.status, { "content-type": "application/json" }).end(JSON.stringify(reply.body));
  }

  does(commands: Command[]): Reply {
    for (const command of commands) if (!this.done.has(command.id)) this.done.set(command.id, command);
    return {
      status: 200,
      body: {
        answers: commands.map(({ id }) => ({ id, outcome: "done", seq: [...this.done.keys()].indexOf(id) + 1 })),
      },
    };
  }

  refuses(...codes: Record<string, string>[]): void {
    const byName = Object.assign({}, ...codes) as Record<string, string>;
    this.script.push((commands) => ({
      status: commands.some(({ name }) => !byName[name]) ? 200 : 409, // as the edge: 409 when none was done
      body: {
        answers: commands.map(
          ({ id, name }): Answer =>
            byName[name]
              ? { id, outcome: "refused", code: byName[name], facts: { by: "Leo" } }
              : { id, outcome: "done", seq: 1 },
        ),
      },
    }));
  }

  listen(): Promise<string> {
    return new Promise((resolve) =>
      this.#server.listen(0, "127.0.0.1", () =>
        resolve(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/commands`),
      ),
    );
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

async function read(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

let door: Door;
let url: string;
let shelf: Shelf;
let app: string;
let token: string | null;
let boxes: Outbox[];

beforeEach(async () => {
  door = new Door();
  url = await door.listen();
  app = `test-${newId()}`;
  shelf = await Shelf.open(app);
  token = "device-token";
  boxes = [];
});

afterEach(() => {
  for (const box of boxes) box.stop();
  door.close();
  alone(shelf.close());
});

function anOutbox(chance = 0, on: Shelf = shelf): Outbox {
  const box = new Outbox({
    shelf: on,
    url,
    token: () => token,
    staffSession: () => "s1",
    serverNow: () => 1234.5,
    chance: () => chance,
    callTimeoutMs: 1500,
  });
  boxes.push(box);
  return box;
}

/** The next run of the application: it knows what the device kept and nothing else. */
async function reload(): Promise<void> {
  await shelf.close();
  shelf = await Shelf.open(app);
}

function heard(box: Outbox, type: OutboxNews["type"]): Promise<OutboxNews> {
  return new Promise((resolve) => {
    const stop = box.subscribe((news) => {
      if (news.type !== type) return;
      stop();
      resolve(news);
    });
  });
}

describe("an outbox", () => {
  test("sends commands in the order they were asked, with the device's key and the person's session", async () => {
    const box = anOutbox();
    await box.start();
    const last = new Promise<void>((resolve) =>
      box.subscribe((news) => void (news.type === "done" && news.command.name === "c" && resolve())),
    );
    await box.enqueue({ name: "a", body: { table_id: "t1" } });
    await box.enqueue([
      { name: "b", body: {} },
      { name: "c", body: {} },
    ]);
    await last;
    expect([...door.done.values()].map((command) => command.name)).toEqual(["a", "b", "c"]);
    expect(door.requests[0]?.authorization).toBe("Bearer device-token");
    expect(door.requests[0]?.commands[0]).toEqual({
      id: expect.stringMatching(/^\w{26}$/),
      name: "a",
      body: { table_id: "t1" },
      asked_at_ms: 1235,
      staff_session: "s1",
    });
    expect(box.pendingCount).toBe(0);
    expect(await box.pending()).toEqual([]);
  });

  test("a group is never split over two requests", async () => {
    token = null;
    const box = anOutbox();
    for (let group = 0; group < 20; group++)
      await box.enqueue(["x", "y", "z"].map((name) => ({ name: `${name}${group}`, body: {} })));
    token = "device-token";
    const last = new Promise<void>((resolve) =>
      box.subscribe((news) => void (news.type === "done" && news.command.name === "z19" && resolve())),
    );
    box.paired();
    await last;
    for (const { commands } of door.requests) {
      expect(commands[0]?.name).toMatch(/^x/);
      expect(commands.at(-1)?.name).toMatch(/^z/);
    }
    expect(door.done.size).toBe(60);
  });

  test.each([502, 503, 504])("asks again after %i and does it once", async (status) => {
    const box = anOutbox();
    await box.start();
    door.script.push(() => ({ status, body: { code: "busy" } }));
    const done = heard(box, "done");
    const [command] = await box.enqueue({ name: "a", body: {} });
    await done;
    expect(door.requests.map((request) => request.commands[0]?.id)).toEqual([command?.id, command?.id]);
  });

  test("an answer lost on the way is asked for again with the same id", async () => {
    const box = anOutbox();
    await box.start();
    door.script.push((commands) => {
      door.does(commands);
      return "hang up";
    });
    const done = heard(box, "done");
    await box.enqueue({ name: "a", body: {} });
    await done;
    expect(door.requests).toHaveLength(2);
    expect(door.done.size).toBe(1);
  });

  test("what one run kept the next one sends, with the same id", async () => {
    token = null;
    const before = anOutbox();
    await before.start();
    const unpaired = heard(before, "unpaired");
    const [command] = await before.enqueue({ name: "a", body: { note: "ñandú" } });
    await unpaired;
    before.stop();
    token = "device-token";
    await reload();
    const after = anOutbox();
    const done = heard(after, "done");
    await after.start();
    expect(((await done) as { command: Command }).command).toEqual(command);
    expect([...door.done.keys()]).toEqual([command?.id]);
  });

  test("two windows on one device send each command once", async () => {
    const boxesOfBoth = [anOutbox(), anOutbox(0, await Shelf.open(app))];
    await Promise.all(boxesOfBoth.map((box) => box.start()));
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => boxesOfBoth[index % 2]!.enqueue({ name: `n${index}`, body: {} })),
    );
    await expect.poll(() => door.done.size).toBe(20);
    for (const box of boxesOfBoth) await expect.poll(async () => (await box.pending()).length).toBe(0);
    await reload();
    expect(shelf.count("outbox")).toBe(0);
  });

  test("a refusal waits in the tray with what was typed, also after a reload", async () => {
    const box = anOutbox();
    await box.start();
    door.refuses({ add_line: "check_closed" });
    const refused = heard(box, "refused");
    await box.enqueue([
      { name: "open_check", body: {} },
      { name: "add_line", body: { note: "sin sal" } },
    ]);
    await refused;
    await reload();
    const [kept] = await anOutbox().tray();
    expect(kept).toMatchObject({
      code: "check_closed",
      facts: { by: "Leo" },
      command: { name: "add_line", body: { note: "sin sal" } },
    });
    expect(box.pendingCount).toBe(0);
  });

  test("a refusal asked again is a new command and leaves the tray", async () => {
    const box = anOutbox();
    await box.start();
    door.refuses({ add_line: "item_sold_out" });
    const refused = heard(box, "refused");
    const [first] = await box.enqueue({ name: "add_line", body: { item: "provoleta" } });
    await refused;
    const done = heard(box, "done");
    await box.retry(first!.id, { body: { item: "choripan" } });
    const again = ((await done) as { command: Command }).command;
    expect(again.body).toEqual({ item: "choripan" });
    expect(again.id).not.toBe(first!.id);
    expect(await box.tray()).toEqual([]);
  });

  test("what was refused and then approved is asked again as it was, under its id", async () => {
    const box = anOutbox();
    await box.start();
    door.refuses({ void_line: "needs_manager" });
    const refused = heard(box, "refused");
    const [first] = await box.enqueue({ name: "void_line", body: { line_id: "l1" } });
    await refused;
    const done = heard(box, "done");
    await box.retry(first!.id, { approval: "ok1" });
    const again = ((await done) as { command: Command }).command;
    expect(again).toMatchObject({ id: first!.id, body: { line_id: "l1" }, approval: "ok1" });
  });

  test("a request the edge cannot read goes to the tray alone; the others pass", async () => {
    token = null;
    const box = anOutbox();
    await box.enqueue({ name: "good", body: {} });
    await box.enqueue({ name: "bad", body: {} });
    await box.enqueue({ name: "also_good", body: {} });
    const picky = (commands: Command[]): Reply =>
      commands.some((command) => command.name === "bad")
        ? { status: 400, body: { code: "malformed", facts: {} } }
        : door.does(commands);
    door.script.push(picky, picky, picky, picky);
    token = "device-token";
    box.paired();
    await expect.poll(() => [...door.done.values()].map((command) => command.name)).toEqual(["good", "also_good"]);
    await expect
      .poll(async () => (await box.tray()).map((refused) => [refused.command.name, refused.code]))
      .toEqual([["bad", "malformed"]]);
    expect(box.pendingCount).toBe(0);
  });

  test("a device sent away stops asking and keeps everything until it is paired again", async () => {
    const box = anOutbox();
    await box.start();
    door.script.push(() => ({ status: 401, body: { code: "device_revoked", facts: {} } }));
    const unpaired = heard(box, "unpaired");
    await box.enqueue({ name: "a", body: {} });
    expect(await unpaired).toEqual({ type: "unpaired", code: "device_revoked" });
    await box.enqueue({ name: "b", body: {} });
    expect(door.requests).toHaveLength(1);
    expect(box.pendingCount).toBe(2);
    box.paired();
    await expect.poll(() => door.done.size).toBe(2);
  });
});

describe("a call", () => {
  test("brings its answers back", async () => {
    door.refuses({ take_payment: "needs_manager" });
    expect(await anOutbox().callNow({ name: "take_payment", body: {} })).toMatchObject({
      state: "answered",
      answers: [{ outcome: "refused", code: "needs_manager" }],
    });
  });

  test("waits for what was kept before it", async () => {
    const box = anOutbox();
    token = null;
    await box.enqueue({ name: "add_line", body: {} });
    token = "device-token";
    box.paired();
    await box.callNow({ name: "take_payment", body: {} });
    expect([...door.done.values()].map((command) => command.name)).toEqual(["add_line", "take_payment"]);
  });

  test("whose answer never comes is in doubt, survives a reload, and is settled by asking again", async () => {
    door.close();
    const called = await anOutbox(1).callNow(
      { name: "take_payment", body: { amount_minor: 4300 } },
      { timeoutMs: 300 },
    );
    expect(called.state).toBe("unknown");
    await reload();
    const later = anOutbox();
    const [doubt] = await later.doubts();
    expect(doubt?.commands[0]?.body).toEqual({ amount_minor: 4300 });
    door = new Door();
    url = await door.listen();
    const again = anOutbox();
    expect(await again.callNow(doubt!.commands)).toMatchObject({
      state: "answered",
      answers: [{ id: doubt?.id, outcome: "done" }],
    });
    expect(await again.doubts()).toEqual([]);
  });

  test("on a device sent away says so at once", async () => {
    door.script.push(() => ({ status: 401, body: { code: "device_unknown" } }));
    expect(await anOutbox().callNow({ name: "take_payment", body: {} })).toEqual({ state: "unpaired" });
  });

  test("keeps its id for the approval that names it", async () => {
    const box = anOutbox();
    const [command] = box.prepare({ name: "void_line", body: {} });
    await box.callNow([{ ...command!, approval: "ap1" }]);
    expect(door.requests[0]?.commands[0]).toMatchObject({ id: command?.id, approval: "ap1" });
  });
});
