// The least that a paid page can do to start: ask the service about the session token, and write the time left.
import type { ValidateAnswer } from '../../../src/protocol/api.js';
import { formatRemaining } from '../../../src/protocol/time.js';

const token = new URLSearchParams(location.search).get('session')!;
const time = document.querySelector<HTMLElement>('#time')!;
const response = await fetch(`${time.dataset.apiEndpoint}/sessions/validate`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
  body: JSON.stringify({ session_jwt: token }),
});
const { session, server_time } = (await response.json()) as ValidateAnswer;
time.textContent = formatRemaining(Math.ceil(session.expires_at! - server_time / 1000));
