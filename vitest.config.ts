import { defineConfig } from 'vitest/config';

// Workspaces are imported as TypeScript source, so no build is needed to run a test.
// Vite adds `import` and `default` by itself. Named here, `import` would also hold for the require() of CommonJS dependencies.
const conditions = ['source', 'node'];
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
};

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['{packages/*,*-service,streams-bridge}/src/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['**/*.integration.test.ts', '**/*.suite.test.ts', '**/node_modules/**'],
          testTimeout: 30_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          include: ['{packages/*,*-service,streams-bridge}/src/**/*.integration.test.ts'],
          globalSetup: ['packages/local-environment/src/vitest-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'conformance',
          include: ['packages/local-cluster/src/conformance/*.suite.test.ts'],
          globalSetup: ['packages/local-environment/src/vitest-setup-zookeeper.ts'],
          maxConcurrency: 8,
          // After the others: its tasks' times are looked at.
          sequence: { groupOrder: 1 },
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          globalSetup: ['e2e/global-setup.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
