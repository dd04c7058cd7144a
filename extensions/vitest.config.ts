import {defineConfig} from 'vitest/config';

export default defineConfig({
  esbuild: {jsx: 'automatic', jsxImportSource: 'preact'},
  test: {
    environment: 'jsdom',
    cache: false, // it would lie among the extensions
    include: ['*/tests/*.test.ts'],
    server: {deps: {inline: [/@shopify\/ui-extensions-tester/]}},
  },
});
