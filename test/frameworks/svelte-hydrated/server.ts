import { render as renderSvelte } from 'svelte/server';
import type { Addresses } from '../addresses.js';
import Page from './Page.svelte';

export const render = (addresses: Addresses): string => renderSvelte(Page, { props: { ...addresses } }).body;
