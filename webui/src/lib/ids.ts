/** Crockford's alphabet: no I, L, O or U, so an id survives being read aloud. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const OF_TIME = 10;
const OF_CHANCE = 16;

/**
 * A new id of 26 letters: the time, so that the venue's tables grow at their end, then 80 random bits. Works on plain
 * http too, where crypto.randomUUID does not exist.
 */
export function newId(): string {
  let id = "";
  for (let ms = Date.now(); id.length < OF_TIME; ms = Math.floor(ms / 32)) id = ALPHABET[ms % 32] + id;
  for (const byte of crypto.getRandomValues(new Uint8Array(OF_CHANCE))) id += ALPHABET[byte & 31];
  return id;
}
