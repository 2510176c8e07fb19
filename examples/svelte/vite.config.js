import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [svelte()],
  // The package is the project's own folder here.
  server: { fs: { allow: ['../..'] } },
});
