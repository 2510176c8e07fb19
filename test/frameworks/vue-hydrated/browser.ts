import type { Addresses } from '../addresses.js';
import { createPage } from './app.js';

const addresses = JSON.parse(document.querySelector('#addresses')!.textContent!) as Addresses;
createPage(addresses).mount('#root');
// Vue sets properties and listeners as it hydrates; the tag is defined after that.
await import('marketplace-session/pieces');
