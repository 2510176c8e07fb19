// In a runtime that is a process: Node, Bun, Deno. The place is the last argument.
import { scenario, type Place } from './scenario.js';

declare const Deno: { args: string[] } | undefined;

const args = typeof Deno === 'undefined' ? process.argv : Deno.args;
console.log((await scenario(JSON.parse(args.at(-1)!) as Place)).join(', '));
