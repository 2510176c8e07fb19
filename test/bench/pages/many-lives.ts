// Connects and disconnects a session again and again: as an element of the page, and as a controller.
import type { SessionController } from '../../../src/controller/index.js';
import type {} from '../../../src/index.js';

const patienceMs = 10_000;

/** Fulfilled by an event; @throws where it does not come. */
const heard = (target: EventTarget, type: string) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${type}`)), patienceMs);
    target.addEventListener(
      type,
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
/** What is left for idle time has happened, and a task after that. */
const idle = () => new Promise<void>((resolve) => requestIdleCallback(() => setTimeout(resolve)));

const lives = {
  element: async (apiEndpoint: string, sessionToken: string) => {
    const element = document.createElement('marketplace-session');
    Object.assign(element, { apiEndpoint, sessionToken, noRedirect: true });
    const started = heard(element, 'session-start');
    document.body.append(element);
    await started;
    await idle();
    element.remove();
    await idle();
    return element;
  },
  controller: async (apiEndpoint: string, sessionToken: string) => {
    // The class that the script of the page brings.
    const { constructor } = document.createElement('marketplace-session').controller;
    const controller = new (constructor as typeof SessionController)({
      apiEndpoint,
      sessionToken,
      redirect: false,
    });
    await controller.start();
    await idle();
    controller.destroy();
    await idle();
    return controller;
  },
};

const kept: object[] = [];

window.manyLives = {
  async live(what, count, apiEndpoint, sessionToken, keeps = false) {
    for (let life = 0; life < count; life++) {
      const lived = await lives[what](apiEndpoint, sessionToken);
      if (keeps) kept.push(lived);
      // The browser's own list of requests is not what is measured.
      performance.clearResourceTimings();
    }
  },
};

declare global {
  interface Window {
    manyLives: {
      /** So many sessions, one after the other. @param keeps holds on to what is left of each. */
      live(
        what: keyof typeof lives,
        count: number,
        apiEndpoint: string,
        sessionToken: string,
        keeps?: boolean,
      ): Promise<void>;
    };
  }
}
