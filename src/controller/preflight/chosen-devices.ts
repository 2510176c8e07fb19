import { browserWorld } from '../browser-world.js';
import { inTime } from '../in-time.js';
import type { CaptureKind } from './check-state.js';

/** What a person chooses among. */
export type DeviceKind = CaptureKind | 'speaker';

/** A device as a menu shows it. Its label stays in the page: no event has it. */
export interface Device {
  id: string;
  label: string;
}

const kinds = { videoinput: 'camera', audioinput: 'microphone', audiooutput: 'speaker' } as const;

const listLimitMs = 2000;
const key = 'marketplace-session:devices';

/** The devices that are plugged in; before a permission they have neither id nor label, and are left out. */
export async function listDevices(): Promise<Record<DeviceKind, Device[]>> {
  const devices: Record<DeviceKind, Device[]> = { camera: [], microphone: [], speaker: [] };
  try {
    const listed = await inTime(navigator.mediaDevices.enumerateDevices(), listLimitMs, browserWorld());
    for (const { kind, deviceId, label } of listed)
      if (deviceId && label) devices[kinds[kind]].push({ id: deviceId, label });
  } catch {
    // Those of before are all that is known.
  }
  return devices;
}

/** The device of last time: by its id, or by its label where ids are new for each visit. */
export function rememberedDevice(kind: DeviceKind, devices: readonly Device[]): string | undefined {
  const chosen = read()[kind];
  const byId = devices.find(({ id }) => id === chosen?.id);
  return (byId ?? devices.find(({ label }) => label === chosen?.label))?.id ?? chosen?.id;
}

export function rememberDevice(kind: DeviceKind, device: Device): void {
  try {
    localStorage.setItem(key, JSON.stringify({ ...read(), [kind]: device }));
  } catch {
    // Forbidden or full: it is chosen again next time.
  }
}

function read(): Partial<Record<DeviceKind, Device>> {
  try {
    return (
      (JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Record<DeviceKind, Device>> | null) ?? {}
    );
  } catch {
    return {};
  }
}
