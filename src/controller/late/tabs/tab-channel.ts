import { parseJson } from '../../http-request.js';

/** A line to the other tabs of an origin. What a tab posts it does not hear itself. */
export interface TabChannel {
  /** Whether nothing of it is ever written down: only then may a bound session token travel. */
  readonly isUnwritten: boolean;
  post(message: object): void;
  close(): void;
}

/** By BroadcastChannel, else by `storage` events; null where both are missing. */
export function openTabChannel(name: string, onMessage: (message: unknown) => void): TabChannel | null {
  if (typeof BroadcastChannel === 'function') {
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => onMessage(data);
    return {
      isUnwritten: true,
      post: (message) => channel.postMessage(message),
      close: () => channel.close(),
    };
  }
  try {
    return openStorageChannel(localStorage, name, onMessage);
  } catch {
    return null;
  }
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
