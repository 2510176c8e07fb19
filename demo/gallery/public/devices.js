// Camera, microphone, speaker and network of a person in place of the browser's own, as a state of the gallery wants them.

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

/** A picture that moves: dots that go round. */
function picture() {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
  const context = canvas.getContext('2d');
  const draw = () => {
    const turn = Date.now() / 1000;
    context.fillStyle = '#24384f';
    context.fillRect(0, 0, 320, 180);
    for (let dot = 0; dot < 8; dot++) {
      const angle = turn + (dot * Math.PI) / 4;
      context.fillStyle = `hsl(${dot * 45} 70% 65%)`;
      context.beginPath();
      context.arc(160 + 50 * Math.cos(angle), 90 + 50 * Math.sin(angle), 12, 0, 7);
      context.fill();
    }
  };
  draw();
  setInterval(draw, 50);
  return canvas.captureStream(20).getVideoTracks();
}

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
export function fakeDevices({ camera = 'ok', microphone = 'ok', network = 'ok' }) {
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
      tracks.push(...(media === 'video' ? picture() : silence()));
    }
    return new MediaStream(tracks);
  };
  replace(navigator, 'mediaDevices', named.includes('unsupported') ? undefined : devices);
  const permissionOf = (kind) =>
    states[kind] === 'dismissed' ? 'prompt' : states[kind] === 'denied' ? 'denied' : 'granted';
  replace(navigator.permissions, 'query', async ({ name }) => ({ state: permissionOf(name) }));
  replace(document, 'featurePolicy', { allowsFeature: (kind) => states[kind] !== 'blocked' });

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
