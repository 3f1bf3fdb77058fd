import type { Approved, SignedIn } from "$generated/vocabulary";
import { request } from "./api";
import type { Command } from "./outbox";

/** Signs a person in on this device. Throws Problem with `pin_wrong`, `pin_locked`, `staff_unknown`. */
export function signIn(token: string, staffId: string, pin: string): Promise<SignedIn> {
  return request("/staff/sign-in", { token, body: { staff_id: staffId, pin } });
}

/** A manager approves one command as it stands. Throws Problem as `signIn` does, and `needs_permission`. */
export function approve(
  token: string,
  staffId: string,
  pin: string,
  command: Pick<Command, "id" | "name" | "body">,
): Promise<Approved> {
  return request("/staff/approvals", {
    token,
    body: {
      staff_id: staffId,
      pin,
      command_id: command.id,
      command_name: command.name,
      command_body: command.body,
    },
  });
}
