// What the page's own policies let the tag do.
import { check } from '../check.js';
import { allowsConnection, allowsScript } from '../content-security-policy.js';
import { missingOf, pageOf } from './page.js';
import { below } from './service.js';

/** The one policy that Lit makes. */
const trustedTypesPolicy = 'lit-html';
/** Below the address of the API, of what a session asks: a policy may name paths. */
const askedPaths = ['/sessions/validate', '/sessions/id/heartbeat'];
/** Elements that need a camera or a microphone. */
const meets = /^marketplace-(session-(preflight|room)|help-request)$/;

export const policy = check({
  id: 'policy',
  looksAt: 'The policies of the page let the tag work',
  causes: {
    'policy-refuses-script': {
      blocks: true,
      means: 'The Content-Security-Policy of the page refuses the script {address}.',
      mend: 'Add {origin} to script-src, or the nonce of the policy to the script.',
    },
    'policy-refuses-service': {
      blocks: true,
      means: 'The Content-Security-Policy of the page refuses requests to {origin}.',
      mend: 'Add {origin} to connect-src.',
    },
    'policy-refuses-templates': {
      blocks: true,
      means: 'trusted-types of the page lacks {name}: the timer runs, and nothing else is drawn.',
      mend: 'Add {name} to trusted-types.',
    },
    'page-sandboxed': {
      blocks: true,
      means: 'The page is sent into a sandbox without {missing}: it has no origin, or runs no script.',
      mend: 'Add {missing} to sandbox of its Content-Security-Policy, or leave sandbox out.',
    },
    'devices-refused': {
      blocks: false,
      means: 'Permissions-Policy keeps {devices} from the page, which a talk needs.',
      mend: 'Send Permissions-Policy: camera=(self), microphone=(self).',
    },
  },
  look(scene, tell) {
    const { policies, url, headers, tags } = pageOf(scene);
    for (const script of scene.scripts) {
      const { attributes } = script.tag ?? {};
      const asked = {
        url: script.url,
        nonce: attributes?.get('nonce'),
        integrity: attributes?.get('integrity'),
      };
      // What a script imports comes with the trust that the script has.
      if (script.tag && policies.some((one) => !allowsScript(one, asked, url)))
        tell('policy-refuses-script', { address: script.url.href, origin: sourceOf(script.url, url) });
    }
    const { endpoint } = scene;
    const asked = endpoint ? askedPaths.map((path) => below(endpoint, path)) : [];
    if (endpoint && asked.some((one) => policies.some((policy) => !allowsConnection(policy, one, url))))
      tell('policy-refuses-service', { origin: sourceOf(endpoint, url) });
    const lacks = policies.some((one) => {
      const names = one.get('trusted-types');
      return names && !names.includes(trustedTypesPolicy) && !names.includes('*');
    });
    if (lacks) tell('policy-refuses-templates', { name: trustedTypesPolicy });
    for (const one of policies) {
      const missing = missingOf(one.get('sandbox'));
      if (missing) tell('page-sandboxed', { missing });
    }
    const permissions = headers.get('permissions-policy') ?? '';
    const devices = ['camera', 'microphone'].filter((name) =>
      new RegExp(`\\b${name}\\s*=\\s*\\(\\s*\\)`).test(permissions),
    );
    if (devices.length > 0 && tags.some(({ name }) => meets.test(name)))
      tell('devices-refused', { devices: devices.join(', ') });
  },
});

/** As a policy of the page names it. */
const sourceOf = (url: URL, page: URL) => (url.origin === page.origin ? "'self'" : url.origin);
