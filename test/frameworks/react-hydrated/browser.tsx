import { hydrateRoot } from 'react-dom/client';
import { App, type Addresses } from './app.js';

const addresses = JSON.parse(document.querySelector('#addresses')!.textContent!) as Addresses;
hydrateRoot(document.querySelector('#root')!, <App {...addresses} />, {
  onRecoverableError: (error) => console.error(error),
});
