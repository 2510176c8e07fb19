import { expect } from '@open-wc/testing';
import { SessionController } from '../../src/controller/index.js';
import '../../src/pieces.js';
import { PageBackend } from './page-backend.js';
import { SessionPage } from './session-page.js';

/** What is set, and what it is then. */
const values: Record<string, [set: unknown, becomes: unknown][]> = {
  warningSeconds: [
    [300, [300]],
    ['300 60', [300, 60]],
    ['300, 60', [300, 60]],
    [
      ['300', 60],
      [300, 60],
    ],
    [[], []],
    ['', undefined],
    [-1, undefined],
    [1.5, undefined],
    [{}, undefined],
    [true, undefined],
    [null, undefined],
  ],
  extendMinutes: [
    [15, [15]],
    ['15', [15]],
    [['soon'], undefined],
  ],
  heartbeatSeconds: [
    [45, 45],
    ['45', 45],
    ['often', undefined],
    [NaN, undefined],
  ],
  returnOrigins: [
    ['https://a.example https://b.example', ['https://a.example', 'https://b.example']],
    [[new URL('https://a.example')], ['https://a.example/']],
  ],
  apiEndpoint: [
    [new URL('https://market.example/api/v1'), 'https://market.example/api/v1'],
    [undefined, ''],
    [null, ''],
  ],
  applicationId: [
    [17, '17'],
    [false, undefined],
  ],
  noRedirect: [
    [true, true],
    ['', true],
    ['true', true],
    ['false', false],
    [false, false],
    [undefined, false],
    [null, false],
    [0, false],
  ],
  theme: [
    ['dark', 'dark'],
    ['dim', 'auto'],
    [undefined, 'auto'],
  ],
  layout: [
    ['bar', 'bar'],
    [null, 'inline'],
  ],
  strings: [[undefined, {}]],
};

describe('a property takes what its attribute takes', () => {
  let backend: PageBackend;
  const warnings: string[] = [];
  const { warn } = console;
  beforeEach(() => {
    backend = new PageBackend(250);
    warnings.length = 0;
    console.warn = (text: string) => warnings.push(text);
  });
  afterEach(() => {
    console.warn = warn;
    backend.restore();
    sessionStorage.clear();
  });

  for (const [name, rows] of Object.entries(values))
    for (const [set, becomes] of rows)
      it(`${name} = ${JSON.stringify(set)}`, () => {
        const element = document.createElement('marketplace-session') as unknown as Record<string, unknown>;
        element[name] = set;
        expect(element[name]).to.deep.equal(becomes);
      });

  it('attributes are read by the same rule', () => {
    const element = document.createElement('marketplace-session');
    element.setAttribute('no-redirect', 'false');
    element.setAttribute('no-timer', '');
    element.setAttribute('warning-seconds', '300');
    expect([element.noRedirect, element.noTimer, element.warningSeconds]).to.deep.equal([false, true, [300]]);
    element.removeAttribute('no-timer');
    expect(element.noTimer).to.equal(false);
  });

  it('what is illegal means the default, is told once, and a session runs with it', async () => {
    const page = await SessionPage.openRunning(backend);
    const odd: Record<string, unknown> = {
      warningSeconds: { soon: 1 },
      extendMinutes: 'soon',
      theme: 'dim',
      layout: 7,
      strings: { endsAt: 7, left: {}, errors: 'none' },
      hooks: { request: 'soon' },
      getSessionToken: 'soon',
    };
    Object.assign(page.element, odd);
    await page.element.updateComplete;
    await page.see('warning');
    await page.press('extend-button');
    expect(page.text('confirm-button')).to.equal('Add 15 minutes for 15 tokens');
    expect(page.text('end-time')).to.match(/^ends \d/);
    await page.askUntil(() => backend.calls('heartbeat').length, 'heartbeats go on');
    expect(warnings).to.deep.equal([
      '<marketplace-session> ignores warningSeconds="[object Object]"',
      '<marketplace-session> ignores extendMinutes="soon"',
      '<marketplace-session> ignores theme="dim"',
      '<marketplace-session> ignores layout="7"',
      '<marketplace-session> ignores hooks="[object Object]"',
      '<marketplace-session> ignores getSessionToken="soon"',
    ]);
  });

  it('one value in place of a list warns, and offers', async () => {
    const page = await SessionPage.openRunning(backend);
    Object.assign(page.element, { warningSeconds: 240, extendMinutes: 30 });
    backend.setRemaining(239);
    await page.askUntil(() => page.dialog.open, 'it warns');
    await page.until(() => page.text('confirm-button') === 'Add 30 minutes for 28 tokens', 'that one');
  });

  it('options of a controller without an element too', async () => {
    const options = { apiEndpoint: backend.endpoint, sessionToken: backend.token, extendMinutes: 30 };
    const odd = { ...options, warningSeconds: '300', redirect: 'false', returnOrigins: 'https://a.example' };
    const controller = new SessionController(odd as unknown as typeof options & { extendMinutes: number[] });
    const heard: string[] = [];
    for (const type of ['warning', 'redirect'] as const)
      controller.addEventListener(type, () => heard.push(type));
    await controller.start();
    expect(controller.extensionOptions.map(({ tokens }) => tokens)).to.deep.equal([28]);
    const page = await SessionPage.open(backend);
    await page.until(() => heard.length, 'it has warned');
    expect(heard).to.deep.equal(['warning']);
    controller.destroy();
  });

  it('theme, layout and shape are properties too, and style sheets see them', async () => {
    const page = await SessionPage.openRunning(backend);
    const session = () => getComputedStyle(page.element.shadowRoot!.querySelector('[part=session]')!);
    page.element.layout = 'floating';
    expect(session().position).to.equal('fixed');
    page.element.layout = 'inline';
    expect(session().position).to.equal('static');
    page.element.setAttribute('theme', 'light');
    expect(page.element.theme).to.equal('light');
    page.element.theme = 'dark';
    expect(getComputedStyle(page.element).colorScheme).to.equal('dark');
    const piece = document.createElement('marketplace-session-timer');
    Object.assign(piece, { shape: 'ring' });
    page.element.before(piece);
    await page.until(() => page.part('ring', piece.shadowRoot!), 'the ring is drawn');
    piece.remove();
  });
});
