import type { SessionController } from './session-controller.js';

/** Calls back after each change of a session, and with each second of its time. @returns a function that ends it. */
export function follow(controller: SessionController, changed: () => void): () => void {
  const leave = controller.subscribe(changed);
  controller.addEventListener('tick', changed);
  return () => {
    leave();
    controller.removeEventListener('tick', changed);
  };
}
