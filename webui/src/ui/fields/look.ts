/** How what is typed into looks, and that what it says is wrong. */
export const inputLook = ["min-h-(--target) w-full control px-3 py-2", "aria-invalid:border-late-ink"];
