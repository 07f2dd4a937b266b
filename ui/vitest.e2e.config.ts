import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    retry: 2,
    include: ['tests/**/*.e2e.ts'],
    environment: 'node',
    // One browser and one host at a time: the machine may be small.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
