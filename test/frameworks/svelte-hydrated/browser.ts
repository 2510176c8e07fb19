import { hydrate } from 'svelte';
import type { Addresses } from '../addresses.js';
import Page from './Page.svelte';

const props = JSON.parse(document.querySelector('#addresses')!.textContent!) as Addresses;
hydrate(Page, { target: document.querySelector('#root')!, props: { ...props } });
