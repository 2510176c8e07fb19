import { html, nothing, type TemplateResult } from 'lit/html.js';
import { ref } from 'lit/directives/ref.js';
import {
  fails,
  passes,
  type CaptureKind,
  type CheckName,
  type CheckState,
} from '../../../controller/preflight/check-state.js';
import type { DeviceKind } from '../../../controller/preflight/chosen-devices.js';
import type { PreflightOptions, PreflightSnapshot } from '../../../controller/preflight/preflight.js';
import { button } from '../../session/panels/button.js';
import { sentences } from '../../shared/sentences.js';
import type { DeviceAdvice, PreflightWords } from './preflight-words.js';

export interface PreflightView {
  words: PreflightWords;
  snapshot: PreflightSnapshot;
  options: PreflightOptions;
  trackOf(kind: CaptureKind): MediaStreamTrack | undefined;
  start(): void;
  stop(): void;
  retry(name: CheckName): void;
  choose(kind: DeviceKind, id: string): void;
  confirmTone(wasHeard: boolean): void;
  goOn(): void;
}

const isLimited = (state: CheckState) => state !== 'ok' && passes(state);

/** How a check stands, in a word or two. */
export function verdictOf(state: CheckState, { verdicts }: PreflightWords): string {
  if (state === 'idle' || state === 'asking' || state === 'ok') return verdicts[state];
  return isLimited(state) ? verdicts.weak : verdicts.failed;
}

/** What that means, and what to do; empty where nothing has been asked. */
export function adviceOf(name: CheckName, state: CheckState, words: PreflightWords): string {
  if (state === 'idle') return '';
  if (state === 'ok') return words.fine[name];
  if (name === 'speaker' && state === 'silent') return words.toneNotHeard;
  // Nobody asks about sound that goes out.
  if (name === 'speaker' && state === 'asking') return '';
  if (name === 'network') return words.network[state as keyof PreflightWords['network']];
  return words.advice[state as DeviceAdvice];
}

/** The whole of it. */
export function preflightView(view: PreflightView): TemplateResult {
  const { words, options } = view;
  const { isStarted } = view.snapshot;
  return html`<section part="preflight" aria-labelledby="title">
    <h2 part="preflight-title" id="title" tabindex="-1">${words.title}</h2>
    ${isStarted ? nothing : html`<p part="preflight-text">${words.intro}</p>`}
    ${
      isStarted
        ? html`<ul part="checks" role="list">
            ${options.checks.map((name) => check(name, view))}
          </ul>`
        : nothing
    }
    <div part="actions">${actions(view)}</div>
    <p part="announcement" role="status"></p>
  </section>`;
}

function actions({ words, snapshot, start, stop, goOn }: PreflightView): TemplateResult {
  if (!snapshot.isStarted) return button('start', words.start, start, { isPrimary: true });
  return html`${button('stop', words.stop, stop)}${button('continue', words.goOn, goOn, {
    isPrimary: true,
    isBusy: !snapshot.passed,
  })}`;
}

function check(name: CheckName, view: PreflightView): TemplateResult {
  const { words, snapshot, options } = view;
  const state = snapshot.states[name];
  const isFailed = fails(state);
  const look = isFailed ? 'failed' : isLimited(state) ? 'limited' : state;
  const advice = sentences(
    adviceOf(name, state, words),
    isFailed && !options.required.includes(name) && words.canGoWithout,
  );
  return html`<li part="check ${name}" data-look=${look}>
    <span part="check-name">${words.names[name]}</span>
    <span part="check-verdict">${verdictOf(state, words)}</span>
    ${advice ? html`<p part="check-advice">${advice}</p>` : nothing}
    ${name === 'camera' ? preview(view) : nothing} ${name === 'microphone' ? level(view) : nothing}
    ${name === 'network' ? nothing : choice(name, view)} ${name === 'speaker' ? tone(view) : nothing}
    ${
      isFailed && name !== 'speaker'
        ? button('recheck', words.tryAgain, () => view.retry(name), {
            name: `${words.tryAgain}: ${words.names[name]}`,
          })
        : nothing
    }
  </li>`;
}

/** Mirrored, as one knows oneself. */
function preview({ words, trackOf }: PreflightView): TemplateResult | typeof nothing {
  const track = trackOf('camera');
  if (!track) return nothing;
  const show = (element?: Element) => {
    const video = element as HTMLVideoElement | undefined;
    if (!video || (video.srcObject as MediaStream | null)?.getTracks()[0] === track) return;
    video.srcObject = new MediaStream([track]);
    video.play().catch(() => {});
  };
  return html`<video
    part="preview"
    aria-label=${words.preview}
    .muted=${true}
    playsinline
    ${ref(show)}
  ></video>`;
}

const level = ({ words, snapshot: { states }, trackOf }: PreflightView) =>
  trackOf('microphone') && states.microphone !== 'unmeasured'
    ? html`<meter part="level" min="0" max="1" aria-label=${words.level}></meter>`
    : nothing;

/** A menu, where there is something to choose. */
function choice(
  kind: DeviceKind,
  { words, snapshot, choose }: PreflightView,
): TemplateResult | typeof nothing {
  const devices = snapshot.devices[kind];
  const chosen = snapshot.chosen[kind];
  if (devices.length < 2) return nothing;
  return html`<select
    part="device-choice"
    aria-label=${words.names[kind]}
    @change=${({ target }: Event) => choose(kind, (target as HTMLSelectElement).value)}
  >
    ${
      devices.some(({ id }) => id === chosen)
        ? nothing
        : html`<option value="" selected>${words.systemDevice}</option>`
    }
    ${devices.map(({ id, label }) => html`<option value=${id} .selected=${id === chosen}>${label}</option>`)}
  </select>`;
}

function tone({ words, snapshot, retry, confirmTone }: PreflightView): TemplateResult {
  const play = button('tone', words.playTone, () => retry('speaker'));
  if (!snapshot.isToneAsked) return play;
  return html`<div part="question" role="group" aria-labelledby="question">
      <span id="question">${words.isToneHeard}</span>
      ${button('heard', words.heard, () => confirmTone(true))}${button('unheard', words.notHeard, () => confirmTone(false))}
    </div>
    ${play}`;
}
