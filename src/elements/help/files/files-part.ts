import type { ReactiveController } from '@lit/reactive-element';
import { render } from 'lit/html.js';
import { browserWorld } from '../../../controller/browser-world.js';
import { Files, type ListedFile } from '../../../controller/files/files.js';
import type { SessionLine } from '../../../controller/line/session-line.js';
import { SessionError } from '../../../protocol/errors.js';
import { withOwnWords } from '../../languages/own-words.js';
import { panelStyles } from '../../session/panels/styles.js';
import { focused, focusQuietly } from '../../shared/focus.js';
import { fill } from '../../shared/wording.js';
import { Announcements } from '../announcements.js';
import { FeatureWords } from '../feature-words.js';
import { LineKeeper, type SessionSource } from '../line-keeper.js';
import { teller } from '../teller.js';
import { filesIn } from './given-files.js';
import type { FilesEventFields } from './files-events.js';
import type { FilesHost } from './files-host.js';
import { filesStyles } from './files-styles.js';
import { filesView } from './files-view.js';
import type { FilesWords } from './files-words.js';
import { isPicture, Previews } from './previews.js';
import { loadFilesWords } from './words/load.js';

/** Draws the files of a session, and turns what a person does into calls of them. */
export class FilesPart implements ReactiveController {
  readonly #host: FilesHost;
  readonly #tellPage: ReturnType<typeof teller<FilesEventFields>>;
  readonly #words: FeatureWords<FilesWords>;
  readonly #announcements: Announcements;
  readonly #line = new LineKeeper();
  readonly #touch = matchMedia('(pointer: coarse)');
  #files: Files | undefined;
  #previews: Previews | undefined;
  /** The files that are known, by their ids: what comes later is news. */
  #known: Set<string> | undefined;
  /** The uploads of which it is known that they have failed. */
  #failed = new Set<string>();
  /** Pictures that are not drawn, by the links they did not come by; undefined where they are none that can be. */
  #undrawn = new Map<string, string | undefined>();
  #isOver = false;
  #asked: string | undefined;
  #deleting: string | undefined;
  #undeleted: string | undefined;
  /** What gets the focus once it is drawn. */
  #focusNext: string | undefined;

  constructor(host: FilesHost) {
    this.#host = host;
    this.#tellPage = teller(host);
    this.#words = new FeatureWords(host, loadFilesWords);
    this.#announcements = new Announcements(() => host.shadowRoot!.querySelector('[part=announcement]'));
    host.wear(panelStyles);
    host.wear(filesStyles);
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
    this.#files?.close();
    this.#previews?.close();
    this.#announcements.stop();
    [this.#files, this.#previews] = [undefined, undefined];
    [this.#known, this.#asked, this.#deleting, this.#undeleted] = [
      undefined,
      undefined,
      undefined,
      undefined,
    ];
    [this.#failed, this.#undrawn, this.#isOver] = [new Set(), new Map(), false];
    if (this.#line.line) this.#open(this.#line.line);
  }

  #open(line: SessionLine): void {
    const files = (this.#files = new Files(line));
    this.#previews = new Previews({
      content: (fileId, signal) => files.content(fileId, signal),
      onFailed: (fileId, error) => {
        const url = files.snapshot.files.find(({ id }) => id === fileId)?.url;
        this.#undrawn.set(fileId, error instanceof SessionError ? url : undefined);
        this.#host.requestUpdate();
      },
    });
    files.subscribe(() => this.#changed(files));
    this.#changed(files);
  }

  /** The words, with the page's own in their place. */
  get #said(): FilesWords | undefined {
    return this.#words.current && withOwnWords(this.#words.current, this.#host.filesStrings);
  }

  draw(): void {
    const { whole, language, shadowRoot, isConnected } = this.#host;
    if (isConnected) this.#follow(this.#host);
    this.#words.look();
    const words = this.#said;
    if (!words) return;
    const files = this.#files;
    const before = shadowRoot!.activeElement;
    const ask = (id: string | undefined) => {
      this.#focusNext = id ? '[part~=keep-button]' : `[data-file="${this.#asked}"] [part~=delete-button]`;
      [this.#asked, this.#undeleted] = [id, undefined];
      this.#host.requestUpdate();
    };
    const view = files?.snapshot.isOffered
      ? filesView({
          words,
          locale: language.locale ?? language.code,
          snapshot: files.snapshot,
          clock: (instant) => language.clock(instant),
          isTouched: this.#touch.matches,
          isOver: this.#isOver,
          asked: this.#asked,
          deleting: this.#deleting,
          undeleted: this.#undeleted,
          isDrawn: (file) => this.#isDrawn(file),
          choose: (event) => choose(event),
          chosen: ({ target }) => this.#chosen(files, target as HTMLInputElement),
          dragged: (event) => this.#dragged(files, event),
          dropped: (event) => this.#given(files, event, event.dataTransfer),
          pasted: (event) => this.#given(files, event, event.clipboardData),
          cancel: (id) => files.cancel(id),
          retry: (id) => files.retry(id),
          reload: () => void files.reload(),
          askToDelete: ask,
          remove: (id) => void this.#remove(files, id),
          open: (event, file) => void this.#openFresh(files, event, file),
        })
      : null;
    render(view, whole);
    for (const canvas of shadowRoot!.querySelectorAll<HTMLCanvasElement>('[part=picture]'))
      this.#previews!.watch(canvas);
    this.#keepFocus(before);
  }

  /** What did not come is tried again by its next link. */
  #isDrawn({ id, url, contentType }: ListedFile): boolean {
    const failedBy = this.#undrawn.get(id);
    return isPicture(contentType) && !(this.#undrawn.has(id) && (failedBy === undefined || failedBy === url));
  }

  /** What was pressed may have gone. */
  #keepFocus(before: Element | null): void {
    const { shadowRoot } = this.#host;
    const next = this.#focusNext && shadowRoot!.querySelector(this.#focusNext);
    if (next) {
      this.#focusNext = undefined;
      return focusQuietly(next);
    }
    if (before && !before.isConnected && (!focused() || focused() === document.body))
      focusQuietly(shadowRoot!.querySelector('[part=files-title]'));
  }

  #chosen(files: Files, input: HTMLInputElement): void {
    const chosen = [...(input.files ?? [])];
    // The same may be chosen again.
    input.value = '';
    this.#add(files, chosen);
  }

  #dragged(files: Files, event: DragEvent): void {
    if (!files.snapshot.isOpen || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    const section = event.currentTarget as Element;
    const isOver = event.type !== 'dragleave' || section.contains(event.relatedTarget as Node | null);
    if (isOver === this.#isOver) return;
    this.#isOver = isOver;
    this.#host.requestUpdate();
  }

  #given(files: Files, event: Event, data: DataTransfer | null): void {
    this.#isOver = false;
    this.#host.requestUpdate();
    const given = filesIn(data);
    if (!given.length && !data?.types.includes('Files')) return;
    // Else the browser opens it in place of the page.
    event.preventDefault();
    this.#add(files, given);
  }

  #add(files: Files, given: readonly File[]): void {
    if (given.length && files.snapshot.isOpen && files.snapshot.limits) files.add(given);
  }

  async #remove(files: Files, id: string): Promise<void> {
    if (this.#deleting) return;
    [this.#deleting, this.#undeleted] = [id, undefined];
    this.#host.requestUpdate();
    try {
      await files.remove(id);
      this.#asked = undefined;
    } catch {
      this.#undeleted = id;
    }
    this.#deleting = undefined;
    this.#host.requestUpdate();
  }

  /** A link that has expired is read anew first: the browser would show what the service says to it. */
  async #openFresh(files: Files, event: Event, { id, isFresh }: ListedFile): Promise<void> {
    if (isFresh()) return;
    event.preventDefault();
    await files.reload();
    const link = this.#host.shadowRoot!.querySelector<HTMLElement>(
      `[data-file="${CSS.escape(id)}"] [part~=download-link]`,
    );
    if (files.snapshot.files.find((file) => file.id === id)?.isFresh()) link?.click();
  }

  #changed(files: Files): void {
    const { isLoaded, files: listed, uploads } = files.snapshot;
    const known = this.#known;
    if (known) for (const file of listed) if (!known.has(file.id)) this.#tell(file);
    if (isLoaded) this.#known = new Set([...(known ?? []), ...listed.map(({ id }) => id)]);
    for (const { id, state, code } of uploads) {
      if (state !== 'failed') this.#failed.delete(id);
      else if (!this.#failed.has(id)) {
        this.#failed.add(id);
        this.#tellPage('file-failed', { code: code! });
      }
    }
    this.#host.requestUpdate();
  }

  #tell({ id, isOwn, name }: ListedFile): void {
    this.#announcements.say(() => {
      const words = this.#said;
      return words ? fill(isOwn ? words.sent : words.received, { name }) : '';
    });
    this.#tellPage(isOwn ? 'file-uploaded' : 'file-received', { fileId: id });
  }
}

/** Opens the browser's window for files, or a phone's camera: the input behind the button that was pressed. */
function choose({ currentTarget }: Event): void {
  const button = currentTarget as Element;
  const isPhoto = button.part.contains('photo-button');
  const selector = isPhoto ? 'input[capture]' : 'input:not([capture])';
  button.parentElement!.querySelector<HTMLInputElement>(selector)!.click();
}
