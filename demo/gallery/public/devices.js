// Camera, microphone, speaker and network of a person in place of the browser's own, as a state of the gallery wants them.
import { person, screen } from './pictures.js';

const OwnAudioContext = window.AudioContext;

const refusalOf = {
  denied: 'NotAllowedError',
  dismissed: 'NotAllowedError',
  blocked: 'NotAllowedError',
  missing: 'NotFoundError',
  in_use: 'NotReadableError',
};
const kindOf = { video: 'camera', audio: 'microphone' };

const replace = (owner, name, value) =>
  Object.defineProperty(owner, name, { configurable: true, writable: true, value });

const self = { wall: '#3d5168', shelf: '#22303f', shirt: '#b4593f', skin: '#e0b593', hair: '#7a5230' };

const silence = () => new OwnAudioContext().createMediaStreamDestination().stream.getTracks();

/** Sound that is measured as it is wanted: a page that nobody has pressed may not make any. */
class Sound {
  state = 'suspended';
  currentTime = 0;
  destination = {};
  async resume() {
    if (this.level === null) await new Promise(() => {});
    this.state = 'running';
  }
  async close() {}
  createMediaStreamDestination = () => ({ stream: new MediaStream(silence()) });
  createAnalyser = () => ({
    connect: (next) => next,
    getFloatTimeDomainData: (samples) => samples.fill(this.level * (0.7 + Math.random() * 0.3)),
  });
  createMediaStreamSource = () => ({ connect() {} });
  createGain = () => ({
    gain: { setValueAtTime() {}, linearRampToValueAtTime() {} },
    connect: (next) => next,
  });
  createOscillator() {
    const tone = new EventTarget();
    const stop = () => setTimeout(() => tone.dispatchEvent(new Event('ended')), 500);
    return Object.assign(tone, { frequency: {}, connect: (next) => next, start() {}, stop });
  }
}

const levels = { ok: 0.4, silent: 0, unmeasured: null };

/** Gives the page devices of which each is in the state that is named, or works. */
export function fakeDevices({ camera = 'ok', microphone = 'ok', network = 'ok', sound = 'ok' }) {
  const states = { camera, microphone };
  const named = Object.values(states);
  if (named.includes('insecure')) replace(window, 'isSecureContext', false);
  const devices = new EventTarget();
  devices.enumerateDevices = async () =>
    ['videoinput', 'audioinput', 'audiooutput'].map((kind) => ({ kind, deviceId: kind, label: 'Built in' }));
  devices.getUserMedia = async (constraints) => {
    const tracks = [];
    for (const [media, kind] of Object.entries(kindOf)) {
      if (!constraints[media]) continue;
      const state = states[kind];
      if (state === 'asking') await new Promise(() => {});
      if (state in refusalOf) throw new DOMException('', refusalOf[state]);
      tracks.push(...(media === 'video' ? [person(self)] : silence()));
    }
    return new MediaStream(tracks);
  };
  devices.getDisplayMedia = async () => new MediaStream([screen()]);
  replace(navigator, 'mediaDevices', named.includes('unsupported') ? undefined : devices);
  const permissionOf = (kind) =>
    states[kind] === 'dismissed' ? 'prompt' : states[kind] === 'denied' ? 'denied' : 'granted';
  replace(navigator.permissions, 'query', async ({ name }) => ({ state: permissionOf(name) }));
  replace(document, 'featurePolicy', { allowsFeature: (kind) => states[kind] !== 'blocked' });

  // Here nobody has pressed anything, and there is nothing to hear.
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = async function () {
    if (sound === 'silenced' && !this.muted) throw new DOMException('', 'NotAllowedError');
    this.muted = true;
    return play.call(this);
  };

  const level = microphone in levels ? levels[microphone] : levels.ok;
  window.AudioContext = class extends Sound {
    level = level;
  };

  // Without it nothing is said of the way to other browsers; one that cannot be made has none.
  if (network === 'restricted') window.RTCPeerConnection = null;
  else if (network !== 'calls') delete window.RTCPeerConnection;
  const answer = async () => {
    if (network === 'asking') await new Promise(() => {});
    if (network === 'unreachable') throw new TypeError('Failed to fetch');
    if (network === 'slow') await new Promise((resolve) => setTimeout(resolve, 400));
    return new Response();
  };
  const { fetch } = window;
  window.fetch = (address, init) => (init?.mode === 'no-cors' ? answer() : fetch(address, init));
}
