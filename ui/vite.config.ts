import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  base: './',
  server: { host: '127.0.0.1' },
  build: {
    target: ['es2022', 'safari16', 'chrome110'],
    outDir: 'dist',
    // Everything is a file of its own: the content security policy lets nothing in from a data address.
    assetsInlineLimit: 0,
    // The window with the pictures, and the one for typing.
    rollupOptions: { input: ['index.html', 'entry.html'] },
    modulePreload: { polyfill: false },
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
