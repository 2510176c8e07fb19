import { EventReader, type Frame } from '../event-reader.js';
import type { Fleet } from './fleet.js';

/** What a page heard of a session, whatever broke on the way. */
export interface Heard {
  sessionId: string;
  /** Its snapshot tells of everything up to this event. */
  sinceId: number;
  /** The events that followed, in the order in which they came. */
  ids: number[];
}

const pauseMs = 50;

/** Reads the live events of a session as a page does: a stream that breaks is opened again, on any instance that lives. */
export async function readToTheEnd(fleet: Fleet, sessionId: string, token: string): Promise<Heard> {
  const heard: Heard = { sessionId, sinceId: 0, ids: [] };
  let isOver = false;
  let lastId: number | undefined;
  while (!isOver) {
    const url = `${fleet.anyUrl}/sessions/${sessionId}/events`;
    const headers = {
      Authorization: `Bearer ${token}`,
      ...(lastId !== undefined && { 'Last-Event-ID': String(lastId) }),
    };
    const reader = await EventReader.open(url, headers).catch(() => undefined);
    await reader?.untilOver();
    for (const frame of reader?.frames ?? []) {
      lastId = frame.id;
      if (frame.event === 'session.snapshot') heard.sinceId = frame.id;
      else heard.ids.push(frame.id);
      isOver = isLast(frame);
    }
    // Nobody is on the other side here: what was told of it was not for this page.
    heard.ids.push(...(reader?.presence ?? []).map(({ id }) => id));
    if (!isOver) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return heard;
}

const isLast = ({ event, data }: Frame) =>
  event === 'session.ended' || (data.type === 'session.snapshot' && data.session.ended_at !== null);
