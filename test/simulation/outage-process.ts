// An outage in a process of its own, which node:test does not watch: it hears of each promise, and here are millions.
import { simulateOutage, startEagerClient, startSession, type Outage } from './outage.js';

const [client, outage] = process.argv.slice(2) as ['session' | 'eager', string];
const startClient = { session: startSession, eager: startEagerClient }[client];
console.log(JSON.stringify(await simulateOutage(JSON.parse(outage) as Outage, startClient)));
