import * as m from "$lib/messages";

export const ROLES = ["waiter", "cashier", "cook", "manager", "technician"] as const;

const WORDS: Record<string, () => string> = {
  waiter: m.people_role_waiter,
  cashier: m.people_role_cashier,
  cook: m.people_role_cook,
  manager: m.people_role_manager,
  technician: m.people_role_technician,
};

/** `Encargado/a` for `manager`. */
export function roleWord(role: string): string {
  return WORDS[role]?.() ?? role;
}

/** Roles as chips. */
export function roleOptions(): { value: string; label: string }[] {
  return ROLES.map((role) => ({ value: role, label: roleWord(role) }));
}
