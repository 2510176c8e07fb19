import { browserWorld } from '../../controller/browser-world.js';
import { focused } from './focus.js';

/** A person who has typed within this time is still typing, ms. */
const pauseMs = 1500;
/** The longest that a dialog waits for somebody who does not stop, ms. */
const longestWaitMs = 8000;

/**
 * Calls back once nobody is typing, so that a dialog never takes a keystroke that was meant for a text. At once where
 * no text field has the focus. @returns a function that gives up waiting.
 */
export function whenNotTyping(callback: () => void): () => void {
  if (!focused()?.matches(':read-write')) {
    callback();
    return () => {};
  }
  const finish = () => {
    stop();
    callback();
  };
  const { setTimeout, clearTimeout } = browserWorld();
  let timer = setTimeout(finish, pauseMs);
  const latest = setTimeout(finish, longestWaitMs);
  const onKey = () => {
    clearTimeout(timer);
    timer = setTimeout(finish, pauseMs);
  };
  const stop = () => {
    clearTimeout(timer);
    clearTimeout(latest);
    document.removeEventListener('keydown', onKey, true);
  };
  document.addEventListener('keydown', onKey, true);
  return stop;
}
