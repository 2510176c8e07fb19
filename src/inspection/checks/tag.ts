// The tag in the page, and its attributes.
import { check } from '../check.js';
import { isLocal } from '../scene.js';
import { pageOf } from './page.js';

export const tagPresent = check({
  id: 'tag',
  looksAt: 'The page has the tag, and what it asks for',
  causes: {
    'tag-missing': {
      blocks: true,
      means: 'The page has no <marketplace-session>, and no script that could bring one.',
      mend: 'Write <marketplace-session api-endpoint="..."> into its body.',
    },
    'tag-by-script': {
      blocks: false,
      means:
        'The HTML has no <marketplace-session>; a script may bring it, which nobody can see from outside.',
      mend: 'Verify it by a session on the page itself.',
    },
    'tag-twice': {
      blocks: true,
      means: 'The page has {count} tags <marketplace-session>; a session belongs to one.',
      mend: 'Leave one of them; further places show it by <marketplace-session-timer> and the other pieces.',
    },
    'application-differs': {
      blocks: true,
      means: 'The tag is for the application {tag}, not for {application}.',
      mend: 'Set application-id to {application}.',
    },
    'endpoint-missing': {
      blocks: true,
      means: 'The tag has no api-endpoint.',
      mend: 'Set api-endpoint to the address of the service, such as https://market.example/api/v1.',
    },
    'endpoint-invalid': {
      blocks: true,
      means: 'api-endpoint is {endpoint}, which is no address of a service.',
      mend: 'Write it in full, such as https://market.example/api/v1.',
    },
    'endpoint-differs': {
      blocks: true,
      means: 'api-endpoint is {tag}, and the service is {service}.',
      mend: 'Set api-endpoint to {service}.',
    },
    'endpoint-insecure': {
      blocks: true,
      means: 'The page comes by https and asks {endpoint} by http: browsers refuse that (mixed content).',
      mend: 'Set api-endpoint to the https address of the service.',
    },
  },
  look(scene, tell) {
    const page = pageOf(scene);
    const tags = page.tags.filter(({ name }) => name === 'marketplace-session');
    if (!scene.tag) {
      const mayCome = scene.bundles.length > 0 || scene.scripts.length > 0;
      return tell(mayCome ? 'tag-by-script' : 'tag-missing');
    }
    if (tags.length > 1) tell('tag-twice', { count: tags.length });
    const own = scene.tag.attributes.get('application-id');
    if (own && scene.applicationId && own !== scene.applicationId)
      tell('application-differs', { tag: own, application: scene.applicationId });
    const endpoint = scene.tag.attributes.get('api-endpoint');
    if (!endpoint) return tell('endpoint-missing');
    if (!URL.canParse(endpoint, page.url) || !/^https?:$/.test(new URL(endpoint, page.url).protocol))
      return tell('endpoint-invalid', { endpoint });
    const url = new URL(endpoint, page.url);
    if (page.url.protocol === 'https:' && url.protocol === 'http:' && !isLocal(url))
      tell('endpoint-insecure', { endpoint });
    const service = scene.apiEndpoint?.href;
    if (service && plain(service) !== plain(url.href)) tell('endpoint-differs', { tag: endpoint, service });
  },
});

const plain = (address: string) => address.replace(/\/+$/, '');
