import { expect, waitUntil } from '@open-wc/testing';
import { browserWorld } from '../../src/controller/browser-world.js';
import { fileTransport } from '../../src/controller/files/upload-request.js';
import type { SessionFile } from '../../src/protocol/api.js';
import type { MarketplaceFilesEventMap, MarketplaceSessionFilesElement } from '../../src/live-help.js';
import '../../src/live-help.js';
import { loadFilesWords } from '../../src/elements/help/files/words/load.js';
import { axeFaults } from './axe-faults.js';
import { PageBackend, type Asked } from './page-backend.js';
import { setOnline } from './scenes.js';
import { SessionPage } from './session-page.js';

interface Manifest {
  modules: { declarations: { tagName: string; cssParts: { name: string }[] }[] }[];
}

const pageFetch = window.fetch.bind(window);
const RealRequest = window.XMLHttpRequest;

/** A picture of one colour, as a camera would give it. */
async function picture(name = 'leak.png'): Promise<File> {
  const canvas = document.createElement('canvas');
  canvas.width = 32;
  canvas.height = 24;
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#c00000';
  context.fillRect(0, 0, 32, 24);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  return new File([blob!], name, { type: 'image/png' });
}
const textFile = (name = 'how.txt', size = 2000) =>
  new File(['x'.repeat(size)], name, { type: 'text/plain' });

/** An upload that goes as far as a test lets it. */
class HeldRequest {
  static all: HeldRequest[] = [];
  readonly headers = new Headers();
  readonly upload: Pick<XMLHttpRequestUpload, 'onprogress' | 'onload'> = { onprogress: null, onload: null };
  onload: (() => void) | undefined;
  onerror: (() => void) | undefined;
  url = '';
  status = 0;
  responseText = '';
  file: File | undefined;
  isAborted = false;
  #answerHeaders = '';

  open(_: string, url: string): void {
    this.url = url;
  }
  setRequestHeader(name: string, value: string): void {
    this.headers.set(name, value);
  }
  getAllResponseHeaders(): string {
    return this.#answerHeaders;
  }
  send(file: File): void {
    this.file = file;
    HeldRequest.all.push(this);
    if (!navigator.onLine) this.fail();
  }
  abort(): void {
    this.isAborted = true;
  }
  go(loaded: number): void {
    (this.upload.onprogress as unknown as (event: object) => void)?.({ loaded });
  }
  arrive(): void {
    (this.upload.onload as unknown as () => void)?.();
  }
  answer(status: number, body: object, headers = ''): void {
    [this.status, this.responseText, this.#answerHeaders] = [status, JSON.stringify(body), headers];
    this.onload!();
  }
  fail(): void {
    queueMicrotask(() => this.onerror!());
  }
}

/** The files of a session in place of a service, and the stream that tells of them. */
class KeptFiles {
  all: SessionFile[] = [];
  limits = { max_file_bytes: 10_485_760, max_files: 50, max_bytes: 104_857_600, accepted_types: null } as {
    max_file_bytes: number;
    max_files: number;
    max_bytes: number;
    accepted_types: string[] | null;
  };
  readonly contents = new Map<string, Blob>();
  readonly #backend: PageBackend;
  #stream: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(backend: PageBackend) {
    this.#backend = backend;
    backend.answers.validate = (asked) => {
      const answer = backend.usual('validate', asked);
      return { body: { ...(answer.body as object), capabilities: ['events', 'files', 'idempotency'] } };
    };
    backend.answers.events = () => ({
      headers: { 'Content-Type': 'text/event-stream' },
      body: new ReadableStream<Uint8Array>({ start: (controller) => void (this.#stream = controller) }),
    });
    backend.answers.files = (asked) => this.#list(asked);
  }

  get isHeard(): boolean {
    return this.#stream !== undefined;
  }

  add(file: File, sent_by: SessionFile['sent_by'] = 'provider', content_type = file.type): SessionFile {
    const id = crypto.randomUUID();
    const kept: SessionFile = {
      ...{ id, session_id: this.#backend.sessionId, sent_by, role: null, participant_id: 'one' },
      ...{ name: file.name, size: file.size, content_type, sha256: '00' },
      url: `${location.origin}/kept/${id}`,
      url_expires_at: Math.floor(Date.now() / 1000) + 3600,
      created_at: Math.floor(Date.now() / 1000),
    };
    this.all = [kept, ...this.all];
    this.contents.set(id, file);
    this.#backend.answers[id] = (asked) => this.#delete(asked, id);
    return kept;
  }

  /** The service has taken an upload. */
  keep(request: HeldRequest): SessionFile {
    const name = decodeURIComponent(request.headers.get('X-File-Name')!);
    const kept = this.add(new File([request.file!], name, { type: request.file!.type }), 'customer');
    request.answer(201, kept);
    return kept;
  }

  tell(type: 'file.created' | 'file.deleted'): void {
    const { session } = this.#backend;
    const told = { session_id: session.id, session, server_time: Date.now() };
    this.#stream!.enqueue(
      new TextEncoder().encode(`event: ${type}\nid: 7\ndata: ${JSON.stringify(told)}\n\n`),
    );
  }

  #delete({ method }: Asked, id: string) {
    if (method !== 'DELETE') return { status: 404, body: { code: 'ROUTE_NOT_FOUND' } };
    this.all = this.all.filter((file) => file.id !== id);
    return { status: 204, body: null };
  }

  #list({ path }: Asked) {
    const after = new URLSearchParams(path.split('?')[1]).get('cursor');
    const start = after ? this.all.findIndex(({ id }) => id === after) + 1 : 0;
    const files = this.all.slice(start, start + 100);
    const next_cursor = start + 100 < this.all.length ? files.at(-1)!.id : null;
    return { body: { files, limits: this.limits, next_cursor } };
  }
}

describe('marketplace-session-files', () => {
  let backend: PageBackend;
  let kept: KeptFiles;
  let page: SessionPage;
  let element: MarketplaceSessionFilesElement;

  beforeEach(() => {
    HeldRequest.all = [];
    window.XMLHttpRequest = HeldRequest as unknown as typeof XMLHttpRequest;
    backend = new PageBackend(600);
    kept = new KeptFiles(backend);
    const serviceFetch = window.fetch;
    window.fetch = async (input, init) => {
      const [, id] = /\/kept\/(.+)$/.exec(String(input)) ?? [];
      if (!id) return serviceFetch(input, init);
      const content = kept.contents.get(id);
      return content ? new Response(content) : new Response(null, { status: 410 });
    };
  });
  afterEach(() => {
    element?.remove();
    delete (navigator as { onLine?: boolean }).onLine;
    document.documentElement.removeAttribute('lang');
    window.XMLHttpRequest = RealRequest;
    backend.restore();
    sessionStorage.clear();
  });

  const until = (what: () => unknown, message: string) =>
    waitUntil(what as () => boolean, message, { timeout: 30_000 });
  const parts = (name: string) => [...element.shadowRoot!.querySelectorAll<HTMLElement>(`[part~="${name}"]`)];
  const part = <T extends HTMLElement = HTMLElement>(name: string) => parts(name)[0] as T | undefined;
  const names = (list: string) =>
    [...(part(list)?.querySelectorAll('[part=file-name]') ?? [])].map((e) => e.textContent);
  const seen = async <T extends HTMLElement = HTMLElement>(name: string): Promise<T> => {
    await until(() => part(name), `${name} is seen`);
    return part<T>(name)!;
  };
  const state = () => part('upload-state')?.textContent;
  const told = <T extends keyof MarketplaceFilesEventMap>(type: T): MarketplaceFilesEventMap[T][] => {
    const events: MarketplaceFilesEventMap[T][] = [];
    element.addEventListener(type, (event) => events.push(event as MarketplaceFilesEventMap[T]));
    return events;
  };
  const reads = () =>
    backend.calls('files').concat(backend.asked.filter(({ path }) => path.includes('/files?')));

  /** As the browser's window gives them. */
  async function choose(...files: File[]): Promise<void> {
    const input = element.shadowRoot!.querySelector<HTMLInputElement>('input[type=file]:not([capture])')!;
    Object.defineProperty(input, 'files', { configurable: true, value: files });
    input.dispatchEvent(new Event('change'));
    await element.updateComplete;
  }
  const upload = async (count = 1): Promise<HeldRequest> => {
    await until(() => HeldRequest.all.length >= count, `${count} are being sent`);
    return HeldRequest.all[count - 1]!;
  };

  async function open(): Promise<void> {
    page = await SessionPage.openRunning(backend);
    element = document.createElement('marketplace-session-files');
    page.element.after(element);
    await seen('choose-button');
    await until(() => part('files-title'), 'it is drawn');
  }

  it('draws nothing where the backend takes no files', async () => {
    delete backend.answers.validate;
    page = await SessionPage.openRunning(backend);
    element = document.createElement('marketplace-session-files');
    page.element.after(element);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(part('files')).to.equal(undefined);
    expect(reads()).to.have.length(0);
  });

  it('says before what may be sent, and refuses what cannot be without asking the service', async () => {
    kept.limits = {
      max_file_bytes: 1_048_576,
      max_files: 3,
      max_bytes: 2_500_000,
      accepted_types: ['image/png', 'text/plain'],
    };
    kept.add(textFile('there.txt'));
    kept.add(textFile('too.txt'));
    await open();
    expect(part('files-text')!.textContent).to.match(
      /^Or drop them here, or paste them. Up to 1\sMB each. What can be sent: PNG, text.$/,
    );
    expect(element.shadowRoot!.querySelector<HTMLInputElement>('input')!.accept).to.equal('image/png,text/*');
    const failed = told('file-failed');
    await choose(
      textFile('large.txt', 1_048_577),
      new File(['GIF89a'], 'a.gif', { type: 'image/gif' }),
      new File([], 'empty.txt'),
      textFile('fits.txt'),
      textFile('full.txt'),
    );
    await until(() => failed.length === 4, 'four are refused');
    expect(failed.map(({ code }) => code)).to.deep.equal([
      'FILE_TOO_LARGE',
      'FILE_TYPE_REFUSED',
      'FILE_UNREADABLE',
      'FILE_QUOTA_REACHED',
    ]);
    expect(parts('upload-state').map(({ textContent }) => textContent)).to.deep.equal([
      'It is too large.',
      'Files of this type are not taken.',
      'It is empty, or cannot be read. Choose it again.',
      '0% sent',
      'No more fits into this session. Delete what is not needed, and send it again.',
    ]);
    expect(HeldRequest.all.map(({ file }) => file!.name)).to.deep.equal(['fits.txt']);
    part('put-away-button')!.click();
    await until(() => parts('upload').length === 4, 'it is put away');
  });

  it('sends a file as it is, says how far it is and that it is being checked, and tells the page by its id alone', async () => {
    await open();
    expect(part('files-text')!.textContent).to.match(/Up to 10\sMB each.$/);
    const uploaded = told('file-uploaded');
    await choose(textFile('Leck „unten“.txt'));
    const request = await upload();
    expect(request.url).to.equal(`${backend.endpoint}/sessions/${backend.sessionId}/files`);
    expect(request.headers.get('Authorization')).to.match(/^(Bearer|DPoP) /);
    expect(request.headers.get('Idempotency-Key')).to.match(/^[\w-]{20,}$/);
    expect(decodeURIComponent(request.headers.get('X-File-Name')!)).to.equal('Leck „unten“.txt');
    request.go(500);
    await until(() => state() === '25% sent', 'a quarter is sent');
    expect(part<HTMLProgressElement>('upload-progress')!.value).to.equal(500);
    request.go(2000);
    request.arrive();
    await until(() => state() === 'Being checked …', 'all of it is there');
    expect(part('upload-progress')!.hasAttribute('value')).to.equal(false);
    expect(part('cancel-button')).to.equal(undefined);
    const { id } = kept.keep(request);
    await until(() => names('files-list')[0] === 'Leck „unten“.txt', 'it is listed');
    expect(part('upload')).to.equal(undefined);
    expect(uploaded.map(({ fileId }) => fileId)).to.deep.equal([id]);
    expect(part('file-details')!.textContent).to.match(/^You, .+, 2\skB$/);
    await until(() => /was sent/.test(part('announcement')!.textContent!), 'it is said');
  });

  it('sends two at a time, and gives up what is cancelled', async () => {
    await open();
    await choose(textFile('1'), textFile('2'), textFile('3'));
    await upload(2);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(HeldRequest.all.map(({ file }) => file!.name)).to.deep.equal(['1', '2']);
    part('cancel-button')!.click();
    await upload(3);
    expect(HeldRequest.all[0]!.isAborted).to.equal(true);
    expect(names('uploads')).to.deep.equal(['2', '3']);
    // What is lost to one that was given up changes nothing.
    HeldRequest.all[0]!.fail();
    kept.keep(HeldRequest.all[1]!);
    await until(() => names('files-list').length === 1, 'the other one is there');
    expect(names('uploads')).to.deep.equal(['3']);
  });

  it('what failed for want of a network goes by itself under the same key once it is back', async () => {
    await open();
    await choose(textFile());
    const first = await upload();
    await setOnline(false);
    first.fail();
    await until(() => state() === 'Waiting for the network …', 'it waits');
    await setOnline(true);
    const second = await upload(2);
    expect(second.headers.get('Idempotency-Key')).to.equal(first.headers.get('Idempotency-Key'));
    // The first had arrived: the service is still busy with it, and then answers the one that it has.
    second.answer(409, { code: 'IDEMPOTENCY_KEY_IN_USE' }, 'Retry-After: 0\r\n');
    const third = await upload(3);
    expect(third.headers.get('Idempotency-Key')).to.equal(first.headers.get('Idempotency-Key'));
    kept.keep(third);
    await until(() => names('files-list').length === 1 && !part('upload'), 'it is there once');
  });

  it('says why the service does not take one, and lets it be tried again where that may help', async () => {
    await open();
    const refusals: [code: string, status: number, text: RegExp, canRetry: boolean][] = [
      ['FILE_INFECTED', 422, /harmful/, false],
      ['FILE_TYPE_REFUSED', 415, /type/, false],
      ['FILE_QUOTA_REACHED', 409, /No more fits/, true],
      ['CREDENTIAL_INSUFFICIENT', 403, /Tell whoever runs/, true],
    ];
    let sent = 0;
    for (const [code, status, text, canRetry] of refusals) {
      await choose(textFile(code));
      (await upload(++sent)).answer(status, { code });
      await until(() => text.test(state() ?? ''), code);
      expect(part('upload-state')!.role).to.equal('alert');
      expect(Boolean(part('send-again-button')), code).to.equal(canRetry);
      if (canRetry) {
        part('send-again-button')!.click();
        (await upload(++sent)).answer(status, { code });
        await until(() => part('send-again-button'), 'it failed again');
      }
      part('put-away-button')!.click();
      await until(() => !part('upload'), 'it is put away');
    }
  });

  it('takes what is dropped and pasted, says where to drop, and lets other things pass', async () => {
    await open();
    const data = new DataTransfer();
    data.items.add(textFile('dropped.txt'));
    const fire = (type: string, dataTransfer: DataTransfer) => {
      const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
      // WebKit leaves it out.
      if (!event.dataTransfer) Object.defineProperty(event, 'dataTransfer', { value: dataTransfer });
      part('files')!.dispatchEvent(event);
      return event;
    };
    expect(fire('dragenter', data).defaultPrevented).to.equal(true);
    await seen('drop');
    fire('dragleave', data);
    await until(() => !part('drop'), 'it is gone');
    const words = new DataTransfer();
    words.setData('text/plain', 'a word');
    expect(fire('dragover', words).defaultPrevented).to.equal(false);
    fire('drop', data);
    expect((await upload()).file!.name).to.equal('dropped.txt');
    const paste = new Event('paste', { bubbles: true, cancelable: true });
    Object.defineProperty(paste, 'clipboardData', { value: data });
    part('choose-button')!.dispatchEvent(paste);
    expect((await upload(2)).file!.name).to.equal('dropped.txt');
  });

  it('lists all there is, live, and draws pictures and nothing else', async () => {
    for (let count = 1; count <= 120; count++) kept.add(textFile(`${count}.txt`));
    kept.add(new File(['no picture'], 'broken.png', { type: 'image/png' }));
    await open();
    await until(() => names('files-list').length === 121, 'all pages are read');
    const received = told('file-received');
    await until(() => kept.isHeard && !part('picture'), 'what is no picture is not drawn');
    const { id } = kept.add(await picture());
    kept.tell('file.created');
    await until(() => received.length === 1, 'it is told');
    expect(received[0]!.fileId).to.equal(id);
    const canvas = await seen<HTMLCanvasElement>('picture');
    await until(() => canvas.width === 32, 'it is drawn');
    expect([...canvas.getContext('2d')!.getImageData(16, 12, 1, 1).data]).to.deep.equal([192, 0, 0, 255]);
    expect(canvas.getAttribute('aria-label')).to.equal('Picture leak.png');
    const link = part<HTMLAnchorElement>('download-link')!;
    expect(link.href).to.equal(kept.all[0]!.url);
    expect(link.target).to.equal('_blank');
    kept.all = kept.all.slice(1);
    kept.tell('file.deleted');
    await until(() => names('files-list').length === 120 + 1 && !part('picture'), 'it is gone');
  });

  it('opens no address that is none, and reads a link that has expired anew', async () => {
    const bad = kept.add(textFile('bad.txt'));
    bad.url = 'javascript:alert(1)';
    await open();
    await until(() => names('files-list').length === 1, 'it is listed');
    expect(part('download-link')).to.equal(undefined);
    bad.url = `${location.origin}/kept/old`;
    bad.url_expires_at = 1;
    void page.element.controller.refresh();
    window.dispatchEvent(new Event('online'));
    await until(() => part('download-link'), 'it has a link');
    bad.url = `${location.origin}/kept/${bad.id}`;
    bad.url_expires_at = Math.floor(Date.now() / 1000) + 3600;
    const opened: string[] = [];
    element.shadowRoot!.addEventListener('click', (event) => {
      const link = event.target as HTMLAnchorElement;
      if (event.defaultPrevented || !link.href) return;
      event.preventDefault();
      opened.push(link.href);
    });
    part('download-link')!.click();
    await until(() => opened.length === 1, 'it is opened');
    expect(opened).to.deep.equal([bad.url]);
  });

  it('asks before it deletes an own file, keeps the focus, and says where that did not work', async () => {
    kept.add(textFile('theirs.txt'));
    const own = kept.add(textFile('mine.txt'), 'customer');
    await open();
    await until(() => names('files-list').length === 2, 'both are there');
    expect(parts('delete-button')).to.have.length(1);
    const deleted = () => backend.calls(own.id).filter(({ method }) => method === 'DELETE').length;
    part('delete-button')!.focus();
    part('delete-button')!.click();
    await seen('delete-question');
    expect(element.shadowRoot!.activeElement).to.equal(part('keep-button'));
    part('keep-button')!.click();
    await seen('delete-button');
    expect(element.shadowRoot!.activeElement).to.equal(part('delete-button'));
    expect(deleted()).to.equal(0);
    const usual = backend.answers[own.id]!;
    backend.answers[own.id] = () => ({ status: 403, body: { code: 'CREDENTIAL_INSUFFICIENT' } });
    part('delete-button')!.click();
    (await seen('delete-now-button')).click();
    await until(() => /not deleted/.test(part('delete-question')?.textContent ?? ''), 'it is said');
    backend.answers[own.id] = usual;
    part('delete-now-button')!.click();
    await until(() => names('files-list').length === 1, 'it is gone');
    expect(element.shadowRoot!.activeElement).to.equal(part('files-title'));
    expect(deleted()).to.equal(2);
  });

  it('says that the files could not be read, and reads them when asked', async () => {
    const usual = backend.answers.files!;
    backend.answers.files = () => ({ status: 400, body: { code: 'REQUEST_INVALID' } });
    page = await SessionPage.openRunning(backend);
    element = document.createElement('marketplace-session-files');
    page.element.after(element);
    const again = await seen('try-again-button');
    expect(part('choose-button')).to.equal(undefined);
    backend.answers.files = usual;
    again.click();
    await seen('choose-button');
    expect(part('try-again-button')).to.equal(undefined);
  });

  it('what could not be read is read after a pause, although there is no news; a picture that did not come, by its next link', async () => {
    const file = kept.add(await picture());
    const { url } = file;
    file.url = `${location.origin}/kept/nowhere`;
    const usual = backend.answers.files!;
    let tries = 0;
    backend.answers.files = (asked) =>
      ++tries > 1 ? usual(asked) : { status: 400, body: { code: 'REQUEST_INVALID' } };
    await open();
    await until(() => names('files-list').length === 1, 'it is listed');
    await until(() => kept.isHeard && !part('picture'), 'what did not come is not drawn');
    file.url = url;
    kept.tell('file.created');
    await until(() => part<HTMLCanvasElement>('picture')?.width === 32, 'it is drawn');
  });

  it('asks no more often for links that name no end, and opens them', async () => {
    const file = kept.add(textFile('timeless.txt')) as Partial<SessionFile>;
    delete file.url_expires_at;
    await open();
    await until(() => names('files-list').length === 1, 'it is listed');
    // By chance the stream has opened meanwhile, after which it is read once.
    const before = reads().length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(reads().length).to.be.lessThan(before + 3);
    const clicked = new Promise<boolean>((resolve) =>
      element.shadowRoot!.addEventListener('click', (event) => {
        resolve(event.defaultPrevented);
        event.preventDefault();
      }),
    );
    part('download-link')!.click();
    expect(await clicked).to.equal(false);
  });

  it('gives up what is on its way when it leaves the page, and after the end only shows what is there', async () => {
    kept.add(textFile('there.txt'));
    await open();
    await choose(textFile());
    const request = await upload();
    const place = element.parentElement!;
    element.remove();
    await until(() => request.isAborted, 'it is given up');
    place.append(element);
    await seen('choose-button');
    page.element.noRedirect = true;
    void page.element.controller.end();
    await until(() => /^The session is over/.test(part('files-text')?.textContent ?? ''), 'it is said');
    expect(part('choose-button')).to.equal(undefined);
    expect(part('download-link')).not.to.equal(undefined);
  });

  it('speaks the language around it, in its direction, and in words of the page; every language has every word', async () => {
    document.documentElement.lang = 'ar';
    await open();
    await until(() => part('choose-button')?.textContent === 'اختيار ملفات', 'Arabic');
    expect(part('session')!.dir).to.equal('rtl');
    element.filesStrings = { choose: 'Los', troubles: { other: 'Nein.' } };
    await until(() => part('choose-button')?.textContent === 'Los', 'words of the page');
    const keys = (of: object): string[] =>
      Object.entries(of).flatMap(([name, value]: [string, unknown]) => {
        if (typeof value === 'object') return keys(value as object).map((key) => `${name}.${key}`);
        expect(value, name).to.be.a('string').and.not.equal('');
        const places = /\{\w+\}/g;
        return `${name} ${[...String(value).matchAll(places)].map(String).sort().join()}`;
      });
    const english = keys((await loadFilesWords('en')).words);
    for (const code of ['de', 'fr', 'es', 'pt', 'cy', 'ja', 'ar'])
      expect(keys((await loadFilesWords(code)).words), code).to.deep.equal(english);
  });

  it('draws every part that custom-elements.json names, and no other; axe finds nothing', async () => {
    const manifest = (await (await pageFetch('/custom-elements.json')).json()) as Manifest;
    const { cssParts } = manifest.modules
      .flatMap(({ declarations }) => declarations)
      .find(({ tagName }) => tagName === 'marketplace-session-files')!;
    const drawn = new Set<string>(['photo-button']);
    const look = () => {
      for (const one of element.shadowRoot!.querySelectorAll('[part]'))
        for (const name of one.getAttribute('part')!.split(' ')) drawn.add(name);
    };
    kept.add(await picture());
    const usual = backend.answers.files!;
    backend.answers.files = () => ({ status: 400, body: { code: 'REQUEST_INVALID' } });
    page = await SessionPage.openRunning(backend);
    element = document.createElement('marketplace-session-files');
    page.element.after(element);
    await seen('try-again-button');
    look();
    backend.answers.files = usual;
    part('try-again-button')!.click();
    await seen('picture');
    kept.add(textFile(), 'customer');
    await until(() => kept.isHeard, 'the page listens');
    kept.tell('file.created');
    await choose(textFile('sending'), textFile('refused'));
    (await upload(2)).answer(409, { code: 'FILE_QUOTA_REACHED' });
    await seen('send-again-button');
    await seen('delete-button');
    look();
    expect(await axeFaults(element)).to.deep.equal([]);
    part('delete-button')!.click();
    await seen('delete-now-button');
    const data = new DataTransfer();
    data.items.add(textFile());
    const event = new DragEvent('dragenter', { dataTransfer: data, cancelable: true });
    if (!event.dataTransfer) Object.defineProperty(event, 'dataTransfer', { value: data });
    part('files')!.dispatchEvent(event);
    await seen('drop');
    look();
    expect([...drawn].sort()).to.deep.equal(cssParts.map(({ name }) => name).sort());
  });

  it('sends the bytes as they are by the browser itself, reads a refusal, and is given up by a signal', async () => {
    window.XMLHttpRequest = RealRequest;
    const send = (file: File, signal = new AbortController().signal, query = '') => {
      const steps: number[] = [];
      const transport = fileTransport(file, {
        world: browserWorld(),
        signal,
        onProgress: (sent) => steps.push(sent),
      });
      const headers = { 'X-File-Name': 'a%20b' };
      const over = new AbortController();
      return {
        steps,
        over,
        answer: transport(`/upload-sink${query}`, { method: 'POST', headers }, over.signal),
      };
    };
    const file = textFile('a b', 50_000);
    const good = send(file);
    const { response, body } = await good.answer;
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    const sha256 = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    expect(response.status).to.equal(201);
    expect(body).to.deep.equal({ sha256, name: 'a%20b', type: 'application/octet-stream' });
    expect(good.steps.at(-1)).to.equal(50_000);
    expect(response.headers.get('Retry-After')).to.equal('7');
    const refused = await send(textFile('large', 200_000)).answer;
    expect([refused.response.status, refused.body]).to.deep.equal([413, { code: 'FILE_TOO_LARGE' }]);
    const failed = (answer: Promise<unknown>) =>
      answer.then(
        () => '',
        (error: Error) => error.name,
      );
    expect(await failed(send(file, undefined, '?status=799').answer)).to.equal('TypeError');
    const given = new AbortController();
    given.abort(new DOMException('', 'AbortError'));
    expect(await failed(send(file, given.signal).answer)).to.equal('AbortError');
    const left = send(file);
    left.over.abort(new DOMException('', 'AbortError'));
    expect(await failed(left.answer)).to.equal('AbortError');
  });
});
