/** A short digest of the vocabulary that this build knows: see scripts/vocabulary.mjs. */
declare const __VOCABULARY__: string;
