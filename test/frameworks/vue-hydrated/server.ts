import { renderToString } from 'vue/server-renderer';
import type { Addresses } from '../addresses.js';
import { createPage } from './app.js';

export const render = (addresses: Addresses): Promise<string> => renderToString(createPage(addresses));
