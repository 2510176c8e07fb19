import { hydrateRoot } from 'react-dom/client';
import type { Addresses } from '../addresses.js';
import { App } from './app.js';

const addresses = JSON.parse(document.querySelector('#addresses')!.textContent!) as Addresses;
hydrateRoot(document.querySelector('#root')!, <App {...addresses} />, {
  onRecoverableError: (error) => console.error(error),
});
