// Two tabs that tell each other of changes, by turns: as the tabs of a session do, and on the lines it is compared with.
import { BroadcastChannel as NpmBroadcastChannel } from 'broadcast-channel';
import { Tab } from 'tab-election';
import type {} from '../../../src/index.js';

/** Opens a way to the other tab. @returns what makes a change here; `told` is called as it is made. */
type OpenLine = (told: () => void, heard: () => void) => () => void;

const openLines = {
  /** The change is the service's answer to this tab; it is there, and heard, when the snapshot says so. */
  session: (told, heard) => {
    const { controller } = document.querySelector('marketplace-session')!;
    let isMine = false;
    controller.addEventListener('statechange', () => {
      if (isMine) told();
      else heard();
    });
    return () => {
      isMine = true;
      const call = controller.state === 'active' ? controller.pause() : controller.resume();
      void call.finally(() => (isMine = false));
    };
  },
  bareChannel: (told, heard) => {
    const channel = new BroadcastChannel('bench: bare');
    channel.onmessage = heard;
    return () => {
      told();
      channel.postMessage('changed');
    };
  },
  npmBroadcastChannel: (told, heard) => {
    const channel = new NpmBroadcastChannel<string>('bench: npm');
    channel.onmessage = heard;
    return () => {
      told();
      void channel.postMessage('changed');
    };
  },
  tabElection: (told, heard) => {
    const tab = new Tab('bench: tab-election');
    tab.addEventListener('message', heard);
    return () => {
      told();
      tab.send('changed');
    };
  },
} satisfies Record<string, OpenLine>;

export type LineName = keyof typeof openLines;

/** Moments that both tabs of a browser understand: ms since the epoch, with fractions. */
export interface TabTimes {
  /** When each change of this tab was made. */
  told: number[];
  /** When each change of the other tab was seen here. */
  heard: number[];
}

const names = Object.keys(openLines) as LineName[];
const times = Object.fromEntries(names.map((name) => [name, { told: [], heard: [] }])) as unknown as Record<
  LineName,
  TabTimes
>;
const patienceMs = 10_000;
const now = () => performance.timeOrigin + performance.now();
/** Long enough that nothing of the last change is still going on, and never in step with anything. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 10));
let onHeard: ((name: LineName) => void) | undefined;
const change = {} as Record<LineName, () => void>;

function open(): void {
  for (const name of names) {
    change[name] = openLines[name](
      () => times[name].told.push(now()),
      () => {
        times[name].heard.push(now());
        if (onHeard) onHeard(name);
        // The second tab answers each change with one of its own.
        else void pause().then(change[name]);
      },
    );
  }
}

async function play(rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      await pause();
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`nothing was heard on ${name}`)), patienceMs);
        onHeard = (heard) => {
          if (heard !== name) return;
          clearTimeout(timer);
          resolve();
        };
        change[name]();
      });
    }
  }
}

window.tabChanges = { times, open, play };

declare global {
  interface Window {
    tabChanges: {
      readonly times: Record<LineName, TabTimes>;
      /** Opens all lines; the session runs by then. */
      open(): void;
      /** Makes changes and waits for those of the other tab, on each line in turn. */
      play(rounds: number): Promise<void>;
    };
  }
}
