import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";
import { alias } from "./scripts/alias.mjs";
import { vocabularyDigest } from "./scripts/vocabulary.mjs";

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  resolve: { alias },
  define: { __VOCABULARY__: JSON.stringify(vocabularyDigest()) },
  test: {
    include: ["src/**/*.test.ts"],
    environment: "node",
    setupFiles: ["./scripts/test-setup.ts"],
    restoreMocks: true,
  },
});
