import type { ReactiveController } from '@lit/reactive-element';
import { render } from 'lit/html.js';
import { browserWorld } from '../../../controller/browser-world.js';
import { Chat, type ChatMessage } from '../../../controller/chat/chat.js';
import { withOwnWords } from '../../languages/own-words.js';
import { panelStyles } from '../../session/panels/styles.js';
import { FeatureWords } from '../feature-words.js';
import { LineKeeper, type SessionSource } from '../line-keeper.js';
import { teller } from '../teller.js';
import type { ChatEventFields } from './chat-events.js';
import type { ChatHost } from './chat-host.js';
import { chatStyles } from './chat-styles.js';
import { chatView } from './chat-view.js';
import type { ChatWords } from './chat-words.js';
import { loadChatWords } from './words/load.js';

/** As near to the end, the list follows what comes, px. */
const nearEndPx = 40;

/** Draws a chat, and turns what a person does into calls of it. */
export class ChatPart implements ReactiveController {
  readonly #host: ChatHost;
  readonly #tellPage: ReturnType<typeof teller<ChatEventFields>>;
  readonly #words: FeatureWords<ChatWords>;
  readonly #line = new LineKeeper();
  #chat: Chat | undefined;
  /** The messages that are known, by their names: what comes later is news. */
  #known: Set<string> | undefined;

  constructor(host: ChatHost) {
    this.#host = host;
    this.#tellPage = teller(host);
    this.#words = new FeatureWords(host, loadChatWords);
    host.wear(panelStyles);
    host.wear(chatStyles);
  }

  hostConnected(): void {
    this.#host.language.load().catch(() => {});
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    // Moving an element removes it first.
    browserWorld().setTimeout(() => this.#host.isConnected || this.#follow({}), 0);
  }

  /** Goes with the session of the element. */
  #follow(source: SessionSource): void {
    if (!this.#line.follow(source)) return;
    const { line } = this.#line;
    this.#chat?.close();
    this.#known = undefined;
    this.#chat = line && new Chat(line);
    this.#chat?.subscribe(() => this.#changed());
  }

  draw(): void {
    const { whole, language, chatStrings, shadowRoot, isConnected } = this.#host;
    if (isConnected) this.#follow(this.#host);
    this.#words.look();
    const words = this.#words.current;
    const chat = this.#chat;
    if (!words) return;
    const list = () => shadowRoot!.querySelector('[part=messages]');
    const before = list();
    const isAtEnd = !before || before.scrollTop + before.clientHeight > before.scrollHeight - nearEndPx;
    const view = chat?.snapshot.isOffered
      ? chatView({
          words: withOwnWords(words, chatStrings),
          snapshot: chat.snapshot,
          clock: (instant) => language.clock(instant),
          send: (text) => this.#send(chat, text),
          sendAgain: (clientId) => void chat.sendAgain(clientId).catch(() => {}),
        })
      : null;
    render(view, whole);
    const after = list();
    // Who reads further up stays there.
    if (after && isAtEnd) after.scrollTop = after.scrollHeight;
  }

  #send(chat: Chat, text: string): void {
    // What has failed says so where it stands.
    chat.send(text).catch(() => {});
    const list = this.#host.shadowRoot!.querySelector('[part=messages]');
    if (list) list.scrollTop = list.scrollHeight;
  }

  #changed(): void {
    const { messages, isLoaded } = this.#chat!.snapshot;
    const sent = messages.filter(({ state }) => state === 'sent');
    if (this.#known) this.#tell(sent.filter(({ clientId }) => !this.#known!.has(clientId)));
    if (isLoaded) this.#known = new Set(sent.map(({ clientId }) => clientId));
    this.#host.requestUpdate();
  }

  #tell(news: readonly ChatMessage[]): void {
    for (const { clientId, isOwn } of news)
      this.#tellPage(isOwn ? 'message-sent' : 'message-received', {
        clientId,
      });
  }
}
