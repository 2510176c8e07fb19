// Runs browser tests in WebKit (WebKitGTK) by WebDriver (W3C), one page at a time.
import { spawn } from 'node:child_process';
import { freePort } from './free-port.mjs';

/** Keys by their names in `sendKeys`, as WebDriver spells them (W3C WebDriver, 17.4.2). */
const keys = {
  Tab: '\uE004',
  Enter: '\uE007',
  Escape: '\uE00C',
  Space: ' ',
  Shift: '\uE008',
  Control: '\uE009',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
};

/**
 * A launcher for @web/test-runner.
 * @param {{ driver: string, browser: string, xvfb: string | undefined }} paths of the programs; `xvfb` gives a screen
 * to a machine without one.
 */
export function webkitLauncher({ driver, browser, xvfb }) {
  const children = [];
  let address = '';
  let active;

  const start = (command, args, options = {}) => {
    const child = spawn(command, args, { stdio: 'ignore', ...options });
    children.push(child);
    return child;
  };

  const ask = async (method, path, body) => {
    const response = await fetch(address + path, { method, ...(body && { body: JSON.stringify(body) }) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`WebDriver: ${value.error}: ${value.message}`);
    return value;
  };

  return {
    name: 'WebKit',
    // What the runner's commands know it by.
    type: 'webdriver',
    concurrency: 1,
    async initialize() {
      const display = process.env.DISPLAY ?? `:${90 + (process.pid % 100)}`;
      if (!process.env.DISPLAY) start(xvfb, [display, '-screen', '0', '1280x900x24']);
      const port = await freePort();
      start(driver, [`--port=${port}`], { env: { ...process.env, DISPLAY: display } });
      const server = `http://127.0.0.1:${port}`;
      await until(() => fetch(`${server}/status`).then((answer) => answer.ok));
      address = server;
      const session = await until(() =>
        ask('POST', '/session', {
          capabilities: {
            alwaysMatch: {
              browserName: 'MiniBrowser',
              'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] },
            },
          },
        }),
      );
      address = `${server}/session/${session.sessionId}`;
    },
    async startSession(id, url) {
      active = { id, url };
      await ask('POST', '/url', { url });
    },
    isActive: (id) => active?.id === id,
    getBrowserUrl: () => ask('GET', '/url'),
    async stopSession() {
      active = undefined;
      await ask('POST', '/url', { url: 'about:blank' });
      return {};
    },
    async stop() {
      await ask('DELETE', '').catch(() => {});
      for (const child of children.reverse()) child.kill();
    },
    /** Strikes keys, one after the other, as the runner's command `sendKeys` asks for them. */
    async sendKeys(id, names) {
      const strokes = names.flatMap((name) => {
        const pressed = name.length > 1 ? name.split('+') : [name];
        const values = pressed.map((key) => keys[key] ?? key);
        return [
          ...values.map((value) => ({ type: 'keyDown', value })),
          ...values.reverse().map((value) => ({ type: 'keyUp', value })),
        ];
      });
      await ask('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions: strokes }] });
    },
  };
}

async function until(attempt) {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
