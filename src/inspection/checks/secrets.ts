// Secret keys, where everybody reads them.
import { check } from '../check.js';
import { secretKeyPattern } from '../harmless.js';

export const secrets = check({
  id: 'secrets',
  looksAt: 'No secret key stands where everybody reads it',
  causes: {
    'secret-in-page': {
      blocks: true,
      means: 'A secret key ({kind}) stands in the page.',
      mend: 'Have the marketplace replace it now, without an overlap, and keep its successor on a server.',
    },
    'secret-in-script': {
      blocks: true,
      means: 'A secret key ({kind}) stands in the script {address}.',
      mend: 'Have the marketplace replace it now, without an overlap, and read its successor from the environment of a server.',
    },
    'secret-in-address': {
      blocks: true,
      means: 'A secret key ({kind}) stands in an address.',
      mend: 'Have the marketplace replace it now, without an overlap: addresses are kept in histories and logs.',
    },
  },
  look({ page, bundles, pageUrl, endpoint }, tell) {
    const kindIn = (text: string) => secretKeyPattern.exec(text)?.[0].slice(0, 'sk_live_'.length);
    const inPage = kindIn(page?.text ?? '');
    if (inPage) tell('secret-in-page', { kind: `${inPage}...` });
    for (const { url, text } of bundles) {
      const kind = kindIn(text);
      if (kind) tell('secret-in-script', { kind: `${kind}...`, address: url.origin + url.pathname });
    }
    const inAddress = kindIn(`${pageUrl.href} ${endpoint?.href ?? ''}`);
    if (inAddress) tell('secret-in-address', { kind: `${inAddress}...` });
  },
});
