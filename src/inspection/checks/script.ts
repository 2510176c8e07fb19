// The script that brings the tag.
import { check, NotLookedAt, type Cause, type Tell } from '../check.js';
import { isLocal, type Answer, type Scene, type TagScript } from '../scene.js';
import { pageOf } from './page.js';

const causes = {
  'script-missing': {
    blocks: true,
    means: 'Nothing in the page loads the tag.',
    mend: 'Write <script type="module" src=".../marketplace-session.js"></script> into its head.',
  },
  'script-not-found': {
    blocks: true,
    means: '{address} answers {status}.',
    mend: 'Copy all files of dist/cdn to where the page looks for them.',
  },
  'script-unreachable': {
    blocks: true,
    means: 'Nobody answers at {address}.',
    mend: 'Correct the address in src, or serve the files of dist/cdn there.',
  },
  'script-wrong-type': {
    blocks: true,
    means: '{address} comes as {type}, which browsers refuse to run as a module.',
    mend: 'Send .js files with Content-Type: text/javascript; a page in place of the file means that its path is wrong.',
  },
  'script-not-a-module': {
    blocks: true,
    means: 'The script {address} is loaded without type="module".',
    mend: 'Write type="module" into its tag.',
  },
  'script-without-cors': {
    blocks: true,
    means: '{address} is on another origin, and does not let {origin} have it.',
    mend: 'Send Access-Control-Allow-Origin: * with the files, or serve them from the origin of the page.',
  },
  'script-insecure': {
    blocks: true,
    means: 'The page comes by https and the script {address} by http: browsers refuse that (mixed content).',
    mend: 'Load it by https.',
  },
  'script-changed': {
    blocks: true,
    means: 'The attribute integrity of {address} does not fit what comes.',
    mend: 'Set it to {integrity}, if this is the file that you mean.',
  },
  'script-incomplete': {
    blocks: true,
    means: '{address} comes, and {part} beside it does not.',
    mend: 'Copy all files of one version side by side.',
  },
  'script-twice': {
    blocks: false,
    means: 'The page loads the tag from {count} addresses.',
    mend: 'Load it from one, so that all of the page has the same copy.',
  },
  'script-old': {
    blocks: false,
    means: 'The script is version {found}, and {version} is known.',
    mend: 'Replace all of its files by those of version {version}.',
  },
  'script-unknown': {
    blocks: false,
    means:
      'The script is version {found}, which is newer than the {version} of this check, or not a release.',
    mend: 'Run the checks of the same version: npx marketplace-session@{found} doctor.',
  },
} satisfies Record<string, Cause>;

/** As a browser takes it for a script (HTML, "JavaScript MIME type"). */
const scriptType = /^(text|application)\/((x-)?(java|ecma)script|jscript|livescript)/i;

/** Its late parts carry its version in their names. */
const latePart = /["'`](\.\/late-(\d+\.\d+\.\d+[\w.-]*?)\.js)["'`]/;

export const script = check({
  id: 'script',
  looksAt: 'The script that brings the tag comes, whole and of this version',
  causes,
  async look(scene, tell) {
    const page = pageOf(scene);
    if (!scene.tag && scene.scripts.length === 0) throw new NotLookedAt('the HTML has no tag');
    const brings = scene.bundles.some(({ text }) => text.includes('marketplace-session'));
    if (scene.scripts.length === 0 && !brings) return tell('script-missing');
    const addresses = new Set(
      scene.scripts
        .filter(({ url }) => url.pathname.endsWith('/marketplace-session.js'))
        .map(({ url }) => url.href),
    );
    if (addresses.size > 1) tell('script-twice', { count: addresses.size });
    for (const one of scene.scripts) await lookAtScript(scene, one, page.url, tell);
  },
});

async function lookAtScript(
  scene: Scene,
  { url, tag }: TagScript,
  page: URL,
  tell: Tell<keyof typeof causes>,
): Promise<void> {
  const address = url.href;
  if (tag && tag.attributes.get('type')?.toLowerCase() !== 'module') tell('script-not-a-module', { address });
  if (page.protocol === 'https:' && url.protocol === 'http:' && !isLocal(url))
    return tell('script-insecure', { address });
  const { origin } = page;
  const answer = await scene.ask(url, { redirect: 'follow', headers: { Origin: origin } });
  if (!answer) return tell('script-unreachable', { address });
  if (answer.status >= 300) return tell('script-not-found', { address, status: answer.status });
  const type = answer.headers.get('content-type') ?? 'no type';
  if (!scriptType.test(type)) return tell('script-wrong-type', { address, type });
  const allowed = answer.headers.get('access-control-allow-origin');
  if (url.origin !== origin && allowed !== '*' && allowed !== origin)
    tell('script-without-cors', { address, origin });
  const wanted = tag?.attributes.get('integrity');
  if (wanted && !(await fits(wanted, answer.text)))
    tell('script-changed', { address, integrity: `sha384-${await digest('SHA-384', answer.text)}` });
  await lookAtVersion(scene, answer, tell);
}

async function lookAtVersion(
  { ask, version }: Scene,
  { url, text }: Answer,
  tell: Tell<keyof typeof causes>,
): Promise<void> {
  const [, part, found] = latePart.exec(text) ?? [];
  if (!part || !found) {
    if (version && url.pathname.endsWith('/marketplace-session.js'))
      tell('script-unknown', { found: 'unknown', version });
    return;
  }
  if (version && found !== version)
    tell(isOlder(found, version) ? 'script-old' : 'script-unknown', { found, version });
  const late = await ask(new URL(part, url));
  if (!late || late.status >= 300) tell('script-incomplete', { address: url.href, part: part.slice(2) });
}

const isOlder = (found: string, version: string): boolean =>
  found.localeCompare(version, 'en', { numeric: true }) < 0;

/** Any of those named is enough (Subresource Integrity, 3.3.4). */
async function fits(integrity: string, text: string): Promise<boolean> {
  for (const hash of integrity.trim().split(/\s+/)) {
    const [, bits, value] = /^sha(256|384|512)-([\w+/=-]+)$/.exec(hash) ?? [];
    if (!bits || (await digest(`SHA-${bits}`, text)) === value) return true;
  }
  return false;
}

async function digest(algorithm: string, text: string): Promise<string> {
  const bytes = await crypto.subtle.digest(algorithm, new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}
