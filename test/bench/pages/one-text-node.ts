// The least that a countdown can do: one text node, set on each tick.
import { formatRemaining } from '../../../src/protocol/time.js';

const node = document.querySelector('#time')!.appendChild(document.createTextNode(''));
let left = Number(new URLSearchParams(location.search).get('seconds'));
let timer: number | undefined;

window.oneTextNode = {
  tickEvery(delayMs) {
    clearInterval(timer);
    timer = window.setInterval(() => (node.data = formatRemaining((left -= 1))), delayMs);
  },
};

declare global {
  interface Window {
    oneTextNode: { tickEvery(delayMs: number): void };
  }
}
