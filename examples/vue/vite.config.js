import vue from '@vitejs/plugin-vue';
import { isMarketplaceElement } from 'marketplace-session/vue';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [vue({ template: { compilerOptions: { isCustomElement: isMarketplaceElement } } })],
  // The package is the project's own folder here.
  server: { fs: { allow: ['../..'] } },
});
