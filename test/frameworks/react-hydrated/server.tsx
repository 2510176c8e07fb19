import { renderToString } from 'react-dom/server';
import { App, type Addresses } from './app.js';

export const render = (addresses: Addresses): string => renderToString(<App {...addresses} />);
