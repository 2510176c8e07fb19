/** @jsxImportSource solid-js */
import { hydrate } from 'solid-js/web';
import type { Addresses } from '../addresses.js';
import { App } from './app.jsx';

const addresses = JSON.parse(document.querySelector('#addresses')!.textContent!) as Addresses;
hydrate(() => <App {...addresses} />, document.querySelector('#root')!);
