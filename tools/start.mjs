// npm start: the demo, with the script tag's files of these sources. What it takes from the environment: README.md.
import { register } from 'tsx/esm/api';
import { ensureScriptTagFiles } from './script-tag-files.mjs';

console.log('Starting the demo ...');
ensureScriptTagFiles(() =>
  console.log("Building the script tag's files, which takes some seconds the first time ..."),
);
register();
await import('../demo/start.ts');
