import { html, nothing, type TemplateResult } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import { maxMessageLength, type ChatMessage, type ChatSnapshot } from '../../../controller/chat/chat.js';
import { button } from '../../session/panels/button.js';
import { fill } from '../../shared/wording.js';
import type { ChatWords } from './chat-words.js';

export interface ChatView {
  words: ChatWords;
  snapshot: ChatSnapshot;
  /** An instant by the customer's clock. */
  clock(instant: number): string;
  send(text: string): void;
  sendAgain(clientId: string): void;
}

/** The whole of it. */
export function chatView(view: ChatView): TemplateResult {
  const { words, snapshot } = view;
  const { isLoaded, isOpen, messages } = snapshot;
  const told = !isOpen ? words.over : !isLoaded ? words.loading : !messages.length ? words.empty : '';
  // Scrolled by keys too (WCAG 2.1.1).
  return html`<section part="chat" aria-labelledby="title">
    <h2 part="chat-title" id="title">${words.title}</h2>
    <div part="messages" role="log" tabindex="0" aria-labelledby="title">
      <ol role="list">
        ${repeat(
          messages,
          ({ clientId, sentBy }) => `${sentBy} ${clientId}`,
          (one) => message(one, view),
        )}
      </ol>
    </div>
    ${told ? html`<p part="chat-text">${told}</p>` : nothing} ${isOpen ? form(view) : nothing}
  </section>`;
}

function message(one: ChatMessage, { words, clock, sendAgain }: ChatView): TemplateResult {
  const sender = words.senders[one.isOwn || one.sentBy === 'customer' ? 'own' : one.sentBy];
  const head = fill(words.heard, { sender, time: clock(one.createdAt) });
  // Its own direction: a text in another script reorders nothing around it.
  return html`<li part="message ${one.isOwn ? 'own' : 'other'}-message" data-state=${one.state}>
    <span part="message-head">${head}</span>
    <p part="message-text" dir="auto" .textContent=${one.text}></p>
    ${one.state === 'sent' ? nothing : state(one, words, sendAgain)}
  </li>`;
}

function state(
  { state, code, clientId }: ChatMessage,
  words: ChatWords,
  sendAgain: (clientId: string) => void,
): TemplateResult {
  if (state === 'sending') return html`<span part="message-state">${words.sending}</span>`;
  const why =
    code === 'RATE_LIMITED' ? words.tooFast : code === 'MESSAGE_LIMIT_REACHED' ? words.full : words.notSent;
  return html`<span part="message-state" role="alert">${why}</span>
    ${button('send-again', words.sendAgain, () => sendAgain(clientId))}`;
}

function form({ words, send }: ChatView): TemplateResult {
  const submit = (event: Event) => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLElement).closest('form')!.elements[0] as HTMLTextAreaElement;
    const text = field.value.trim();
    if (!text) return field.focus();
    send(text);
    field.value = '';
  };
  /** Enter sends, with Shift it begins a line; not while a word is being composed (UI Events, 5.7.3). */
  const strike = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) submit(event);
  };
  return html`<form part="message-form" @submit=${submit}>
    <textarea
      part="message-field"
      rows="2"
      maxlength=${maxMessageLength}
      aria-label=${words.write}
      placeholder=${words.write}
      dir="auto"
      enterkeyhint="send"
      @keydown=${strike}
    ></textarea>
    <button type="submit" part="button primary-button send-button">${words.send}</button>
  </form>`;
}
