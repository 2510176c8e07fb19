import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { nodeFlags, sourceFolder } from '../programs.js';

/** Runs a program in a fresh process in which every name of a page throws when it is touched. */
function runOnServer(program: string): string {
  const trap = `
    for (const name of ['window', 'document', 'location', 'history', 'sessionStorage', 'localStorage', 'navigator']) {
      Object.defineProperty(globalThis, name, { get() { throw new Error(name + ' was touched'); } });
    }`;
  return execFileSync(process.execPath, [...nodeFlags, '--input-type=module', '-e', trap + program], {
    cwd: sourceFolder,
    encoding: 'utf8',
  });
}

describe('on a server', () => {
  it('the controller is imported and made without touching a window', () => {
    const output = runOnServer(`
      const { SessionController } = await import('./src/controller/index.js');
      const controller = new SessionController({ apiEndpoint: 'https://market.example/api/v1' });
      await import('./src/controller/late-parts.js');
      console.log(controller.state, controller.remainingSeconds, JSON.stringify(controller.remainingText));
    `);
    assert.equal(output, 'idle null ""\n');
  });

  it('the tag and its pieces are imported without touching a window', () => {
    const output = runOnServer(`
      const { MarketplaceSessionElement, MarketplaceSessionTimerElement } = await import('./src/pieces.js');
      console.log(typeof MarketplaceSessionElement, typeof MarketplaceSessionTimerElement);
    `);
    assert.equal(output, 'function function\n');
  });

  it('the trap is real: starting there touches the page', () => {
    const output = runOnServer(`
      const { SessionController } = await import('./src/controller/index.js');
      const controller = new SessionController({ apiEndpoint: 'https://market.example/api/v1' });
      await controller.start().catch((error) => console.log(String(error.cause ?? error)));
    `);
    assert.match(output, /was touched/);
  });
});
