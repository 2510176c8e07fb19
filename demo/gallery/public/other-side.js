// The other side of a call, in the same page: it understands what the pages of a call signal, and has a picture of its own.
import { person, screen } from './pictures.js';

const helper = { wall: '#dccfb8', shelf: '#8a6d4b', shirt: '#2f6f6a', skin: '#c98f6b', hair: '#3a2a22' };

/** How it stands with the call a moment after it has come about. */
const turns = {
  leaves: (side) => side.say('leave'),
  returns(side) {
    side.say('leave');
    side.come();
  },
  /** A page of the person's own has it from now on. */
  moves: (side) => side.say('join', { to: crypto.randomUUID() }),
  /** Another connection, for which no way is ever found; and another, before the page gives that one up. */
  loses(side) {
    side.isLost = true;
    side.connect();
    setInterval(() => side.connect(), 15_000);
  },
};

/** Statistics of a way that takes so long there and back, seconds. */
const slowWay = (currentRoundTripTime) => async () =>
  new Map([['pair', { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime }]]);

export class OtherSide {
  isLost = false;
  #call;
  #tell;
  #id = crypto.randomUUID();
  /** The page that it talks to. */
  #page;
  #connection;
  #peer;
  #order = Promise.resolve();
  #hasTurned = false;

  /**
   * @param call `side`, which it is; whether `microphone`, `camera` and `screen` are sent; `roundTripSeconds` of the way; `turn`,
   *   what becomes of it; `isAlone` where it offers, and takes no answer.
   * @param tell gives a frame to the page.
   */
  constructor(call, tell) {
    this.#call = { side: 'provider', microphone: true, camera: true, screen: false, ...call };
    this.#tell = tell;
    if (call.roundTripSeconds) RTCPeerConnection.prototype.getStats = slowWay(call.roundTripSeconds);
  }

  get #isPolite() {
    return this.#call.side === 'customer';
  }

  say(type, data = {}) {
    this.#tell('session.signal', { type, data, from: this.#call.side, sender_id: this.#id });
  }

  /** Comes into the call with a page that is new. */
  come() {
    this.#id = crypto.randomUUID();
    this.#drop();
    this.say('join');
  }

  hear({ type, sender_id: page, data = {} }) {
    const { to, connection, description, candidates } = data;
    const isForAnother = to !== undefined && to !== this.#id;
    const isGone = this.#hasTurned && this.#call.turn === 'leaves';
    if (isForAnother || isGone || this.isLost) return;
    this.#page = page;
    if (type === 'join' && this.#isPolite) this.say('join', { to: page });
    else if (type === 'join') this.connect();
    else if (description?.type === 'offer') this.#answer(connection, description);
    else if (connection === this.#connection && !this.#call.isAlone) this.#take(description, candidates);
  }

  /** Makes a connection, and offers it. */
  connect() {
    const peer = this.#begin(crypto.randomUUID());
    const stream = new MediaStream();
    for (const [kind, track] of this.#tracks())
      peer.addTransceiver(track ?? kind, { direction: 'sendrecv', streams: [stream] });
    this.#openChannel();
    this.#inOrder(async () => {
      await peer.setLocalDescription();
      this.#about('description', { description: peer.localDescription.toJSON() });
    });
  }

  #answer(connection, description) {
    const peer = connection === this.#connection ? this.#peer : this.#begin(connection);
    this.#inOrder(async () => {
      await peer.setRemoteDescription(description);
      const tracks = new Map(this.#tracks());
      for (const transceiver of peer.getTransceivers()) {
        transceiver.direction = 'sendrecv';
        await transceiver.sender.replaceTrack(tracks.get(transceiver.receiver.track.kind));
      }
      this.#openChannel();
      await peer.setLocalDescription();
      this.#about('description', { description: peer.localDescription.toJSON() });
    });
  }

  #take(description, candidates = []) {
    const peer = this.#peer;
    this.#inOrder(async () => {
      if (description) await peer.setRemoteDescription(description);
      for (const candidate of candidates) await peer.addIceCandidate(candidate);
    });
  }

  #begin(connection) {
    this.#drop();
    this.#connection = connection;
    const peer = (this.#peer = new RTCPeerConnection());
    peer.addEventListener('icecandidate', ({ candidate }) => {
      const isTold = candidate && !this.isLost && !this.#call.isAlone;
      if (isTold) this.#about('candidate', { candidates: [candidate.toJSON()] });
    });
    peer.addEventListener('connectionstatechange', () => {
      const { turn } = this.#call;
      if (peer.connectionState !== 'connected' || !turn || this.#hasTurned) return;
      this.#hasTurned = true;
      setTimeout(() => turns[turn](this), 1000);
    });
    return peer;
  }

  /** What it sends says so itself. */
  #openChannel() {
    const { microphone, camera, screen: isScreen } = this.#call;
    const channel = this.#peer.createDataChannel('media', { negotiated: true, id: 0 });
    const said = JSON.stringify({ microphone, camera, screen: isScreen });
    channel.addEventListener('open', () => channel.send(said));
  }

  #tracks() {
    const { microphone, camera, screen: isScreen } = this.#call;
    const sound = new AudioContext().createMediaStreamDestination().stream.getTracks()[0];
    const picture = isScreen ? screen() : camera ? person(helper) : null;
    return [
      ['audio', microphone ? sound : null],
      ['video', picture],
    ];
  }

  #about(type, data) {
    this.say(type, { ...data, to: this.#page, connection: this.#connection });
  }

  /** The one of before is closed without a word, but for one that gets lost: to close it is to hang up. */
  #drop() {
    if (!this.isLost) this.#peer?.close();
  }

  #inOrder(step) {
    this.#order = this.#order.then(step).catch(() => {});
  }
}
