// What biome cannot see: it reads no types, and takes every name that only the markup uses for unused.
import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["src/generated/**", "src/lib/paraglide/**"] },
  ...svelte.configs.base,
  {
    files: ["src/**/*.ts", "src/**/*.svelte"],
    languageOptions: {
      parserOptions: {
        parser: ts.parser,
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: [".svelte"],
      },
    },
    plugins: { "@typescript-eslint": ts.plugin },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    // `void` says that nobody waits, not what happens when it fails: `alone` of $lib does both.
    rules: { "@typescript-eslint/no-floating-promises": ["error", { ignoreVoid: false }] },
  },
  { files: ["src/**/*.ts"], ignores: ["src/**/*.svelte.ts"], languageOptions: { parser: ts.parser } },
  { files: ["src/**/*.svelte"], rules: { "@typescript-eslint/no-unused-vars": "error" } },
);
