/** @jsxImportSource solid-js */
import { generateHydrationScript, renderToString } from 'solid-js/web';
import type { Addresses } from '../addresses.js';
import { App } from './app.jsx';

export const render = (addresses: Addresses): string =>
  renderToString(() => <App {...addresses} />) + generateHydrationScript();
