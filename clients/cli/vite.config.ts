import { defineConfig } from 'vite';

/**
 * One program with all that it needs inside: it starts fast, and whoever installs it installs nothing else. Verbs that
 * are loaded by `import()` become files of their own, read only when they are asked for.
 */
export default defineConfig({
  root: import.meta.dirname,
  ssr: { noExternal: true },
  build: {
    ssr: 'src/main.ts',
    target: 'node20',
    outDir: 'dist',
    emptyOutDir: true,
    minify: false,
    rolldownOptions: {
      output: { entryFileNames: 'jockey.js', chunkFileNames: 'parts/[name].js', banner: '#!/usr/bin/env node' },
    },
  },
});
