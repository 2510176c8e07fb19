import { parseJson } from '../network/parse-json.js';

/** A line to the other tabs of an origin. What a tab posts it does not hear itself. */
export interface TabChannel {
  /** Whether nothing of it is ever written down: only then may a bound session token travel. */
  readonly isUnwritten: boolean;
  post(message: object): void;
  close(): void;
}

/** By BroadcastChannel, else by `storage` events; null where both are missing or forbidden. */
export function openTabChannel(name: string, onMessage: (message: unknown) => void): TabChannel | null {
  try {
    const channel =
      typeof BroadcastChannel === 'function'
        ? openBroadcastChannel(name, onMessage)
        : openStorageChannel(localStorage, name, onMessage);
    return { ...channel, post: (message) => postWherePossible(channel, message) };
  } catch {
    return null;
  }
}

function postWherePossible(channel: TabChannel, message: object): void {
  try {
    channel.post(message);
  } catch {
    // A storage that is full, or a channel that takes nothing, is no line: each tab goes on by itself.
  }
}

function openBroadcastChannel(name: string, onMessage: (message: unknown) => void): TabChannel {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => onMessage(data);
  return {
    isUnwritten: true,
    post: (message) => channel.postMessage(message),
    close: () => channel.close(),
  };
}

function openStorageChannel(
  storage: Storage,
  name: string,
  onMessage: (message: unknown) => void,
): TabChannel {
  const hear = ({ key, newValue }: StorageEvent) => {
    if (key === name && newValue) onMessage(parseJson(newValue));
  };
  window.addEventListener('storage', hear);
  let count = 0;
  return {
    isUnwritten: false,
    post(message) {
      // The same text twice would be no change; and nothing is left behind.
      storage.setItem(name, JSON.stringify({ ...message, count: ++count }));
      storage.removeItem(name);
    },
    close: () => window.removeEventListener('storage', hear),
  };
}
