// One configuration for all tests. `--mode fuzz` runs the same properties far longer and
// from a new seed; test/setup.ts reads which of the two it is.

import { defineConfig } from "vitest/config";

export default defineConfig(({ mode }) => ({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    env: { NABLA_FUZZ: mode === "fuzz" ? "1" : "" },
    testTimeout: mode === "fuzz" ? 600_000 : 30_000,
  },
}));
