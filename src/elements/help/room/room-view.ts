import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { CaptureKind } from '../../../controller/preflight/check-state.js';
import type { DeviceKind } from '../../../controller/preflight/chosen-devices.js';
import { refusalOf, type MediaKind } from '../../../controller/room/local-media.js';
import type { RoomSnapshot, RoomState } from '../../../controller/room/room.js';
import { button } from '../../session/panels/button.js';
import type { DeviceAdvice, PreflightWords } from '../preflight/preflight-words.js';
import type { RoomWords } from './room-words.js';

export interface RoomView {
  words: RoomWords;
  /** Of devices. */
  deviceWords: PreflightWords;
  snapshot: RoomSnapshot;
  /** Whether the menus of devices are shown. */
  areDevicesShown: boolean;
  /** Whether the browser lets nothing sound without a press. */
  isSilenced: boolean;
  trackOf(kind: MediaKind): MediaStreamTrack | undefined;
  join(): void;
  skip(): void;
  leave(): void;
  set(kind: MediaKind, isOn: boolean): void;
  choose(kind: DeviceKind, id: string): void;
  toggleDevices(): void;
  playSound(): void;
}

const inCall: readonly RoomState[] = ['waiting', 'connecting', 'connected', 'reconnecting', 'left'];
/** Whether this page is in the call. */
export const isInCall = (state: RoomState): boolean => inCall.includes(state);

/** How it stands, in a sentence; empty where that needs none. */
export function sentenceOf({ state, code }: RoomSnapshot, { states, failures }: RoomWords): string {
  if (state in states) return states[state as keyof RoomWords['states']];
  if (state !== 'failed') return '';
  if (code === 'CALL_NOT_CONNECTED') return failures.notConnected;
  return code === 'CALLS_UNSUPPORTED' ? failures.unsupported : failures.refused;
}

/** The whole of it. */
export function roomView(view: RoomView): TemplateResult | typeof nothing {
  const { words, snapshot } = view;
  const { state } = snapshot;
  if (state === 'closed') return nothing;
  return html`<section part="room" aria-labelledby="title" data-state=${state}>
    <h2 part="room-title" id="title" tabindex="-1">${words.title}</h2>
    ${isInCall(state) ? call(view) : outside(view)}
    <p part="announcement" role="status"></p>
  </section>`;
}

function outside(view: RoomView): TemplateResult {
  const { words, deviceWords, snapshot } = view;
  const { state } = snapshot;
  const told = {
    idle: words.intro,
    link: words.linkText,
    checking: deviceWords.advice.asking,
  } as Partial<Record<RoomState, string>>;
  const primary = (part: string, label: string) => button(part, label, view.join, { isPrimary: true });
  const actions = {
    idle: () => primary('join', words.join),
    // A page that it opens learns nothing of this one.
    link: () =>
      html`<a part="button primary-button join-link" href=${snapshot.joinUrl!} target="_blank" rel="noopener"
        >${words.join}</a
      >`,
    joining: () => button('leave', words.leave, view.leave),
    checking: () => html`${button('skip', words.skip, view.skip)}${button('leave', words.leave, view.leave)}`,
    elsewhere: () => primary('here', words.bringHere),
    failed: () => (snapshot.code === 'CALLS_UNSUPPORTED' ? nothing : primary('retry', words.tryAgain)),
  } as Partial<Record<RoomState, () => TemplateResult | typeof nothing>>;
  return html`<p part="room-text">${told[state] ?? sentenceOf(snapshot, words)}</p>
    <div part="controls">${actions[state]?.() ?? nothing}</div>`;
}

function call(view: RoomView): TemplateResult {
  const { words, snapshot } = view;
  const { quality } = snapshot;
  const isWeak = quality === 'weak' || quality === 'poor';
  // The sentences that are long stand under the pictures, where they move nothing.
  const text = isWeak ? words.quality[quality] : sentenceOf(snapshot, words);
  return html`${stage(view)}
    <div part="controls" role="group" aria-labelledby="title">${controls(view)}</div>
    <p part="room-text">${text}</p>
    ${refusals(view)} ${view.areDevicesShown ? devices(view) : nothing}`;
}

function stage(view: RoomView): TemplateResult {
  const { words, snapshot } = view;
  const { state, other } = snapshot;
  const isSeen = state === 'connected' && (!other || other.camera || other.screen);
  const told = !isSeen
    ? state === 'connected' && words.otherUnseen
    : other && !other.microphone && words.otherMuted;
  const own = view.trackOf('screen') ?? view.trackOf('camera');
  return html`<div part="stage">
    <video
      part="remote-video"
      aria-label=${words.otherPicture}
      autoplay
      playsinline
      ?data-empty=${!isSeen}
    ></video>
    ${isSeen ? nothing : html`<slot name="placeholder"></slot>`}
    ${told ? html`<p part="stage-text">${told}</p>` : nothing}
    ${
      own
        ? html`<video
            part="own-video"
            aria-label=${words.ownPicture}
            .muted=${true}
            playsinline
            ?data-mirrored=${!view.trackOf('screen')}
          ></video>`
        : nothing
    }
  </div>`;
}

function controls(view: RoomView): TemplateResult {
  const { words, deviceWords, snapshot, areDevicesShown } = view;
  const { media, canShareScreen } = snapshot;
  const toggle = (kind: MediaKind, label: string) => {
    const state = media[kind];
    const isOn = state === 'on';
    return html`<button
      type="button"
      part="button ${kind}-button"
      aria-pressed=${isOn ? 'true' : 'false'}
      aria-disabled=${state === 'asking' ? 'true' : nothing}
      data-device=${state}
      @click=${() => state !== 'asking' && view.set(kind, !isOn)}
    >
      <span .textContent=${label}></span>
    </button>`;
  };
  return html`${toggle('microphone', deviceWords.names.microphone)}
    ${toggle('camera', deviceWords.names.camera)}
    ${canShareScreen ? toggle('screen', words.shareScreen) : nothing}
    <button
      type="button"
      part="button devices-button"
      aria-expanded=${areDevicesShown ? 'true' : 'false'}
      @click=${view.toggleDevices}
    >
      <span .textContent=${words.devices}></span>
    </button>
    ${view.isSilenced ? button('sound', words.playSound, view.playSound, { isPrimary: true }) : nothing}
    ${button('leave', words.leave, view.leave)}`;
}

/** Why a device cannot be used: the other one goes on. */
function refusals({ deviceWords, snapshot: { media } }: RoomView): TemplateResult[] {
  return (['microphone', 'camera'] as const satisfies readonly CaptureKind[]).flatMap((kind) => {
    const refusal = refusalOf(media[kind]);
    const advice = refusal && deviceWords.advice[refusal as DeviceAdvice];
    return advice ? [html`<p part="device-text">${deviceWords.names[kind]}: ${advice}</p>`] : [];
  });
}

function devices(view: RoomView): TemplateResult {
  const kinds = ['microphone', 'camera', 'speaker'] as const satisfies readonly DeviceKind[];
  return html`<div part="devices">${kinds.map((kind) => choice(kind, view))}</div>`;
}

function choice(kind: DeviceKind, { deviceWords, snapshot, choose }: RoomView): TemplateResult {
  const known = snapshot.devices[kind];
  const chosen = snapshot.chosen[kind];
  return html`<label part="device-label">
    <span>${deviceWords.names[kind]}</span>
    <select
      part="device-choice"
      @change=${({ target }: Event) => choose(kind, (target as HTMLSelectElement).value)}
    >
      ${
        known.some(({ id }) => id === chosen)
          ? nothing
          : html`<option value="" selected>${deviceWords.systemDevice}</option>`
      }
      ${known.map(({ id, label }) => html`<option value=${id} .selected=${id === chosen}>${label}</option>`)}
    </select>
  </label>`;
}
