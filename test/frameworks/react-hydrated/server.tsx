import { renderToString } from 'react-dom/server';
import type { Addresses } from '../addresses.js';
import { App } from './app.js';

export const render = (addresses: Addresses): string => renderToString(<App {...addresses} />);
