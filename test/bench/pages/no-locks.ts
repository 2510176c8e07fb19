// A browser without Web Locks.
Object.defineProperty(navigator, 'locks', { value: undefined });

export {};
