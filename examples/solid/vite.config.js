import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';

export default defineConfig({
  plugins: [solid()],
  // The package is the project's own folder here.
  server: { fs: { allow: ['../..'] } },
});
