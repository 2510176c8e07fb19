import { createSSRApp, defineComponent, h, ref } from 'vue';
import {
  marketplaceSessionPlugin,
  provideMarketplaceSession,
  useMarketplaceSession,
} from 'marketplace-session/vue';
import type { SessionControllerOptions } from 'marketplace-session/vue';
import type { Addresses } from '../addresses.js';

/** Events in the order in which they came. */
const heard: string[] = [];
const note = (event: Event) => void heard.push(event.type);

const Told = defineComponent(
  (props: { name: string }) => {
    const { state, remainingText, isWarning, extend } = useMarketplaceSession();
    return () =>
      h('p', { id: props.name, 'data-state': state.value, 'data-warning': isWarning.value }, [
        h('time', remainingText.value),
        h('button', { onClick: () => void extend(15) }, 'More'),
      ]);
  },
  { props: ['name'] },
);

/** Has a session of its own. */
const Own = defineComponent(
  (props: { options: SessionControllerOptions }) => {
    provideMarketplaceSession(props.options);
    return () => h(Told, { name: 'own' });
  },
  { props: ['options'] },
);

const Page = defineComponent({
  props: { apiEndpoint: String, tokenUrl: String, hookToken: String },
  setup(props) {
    const isChanged = ref(false);
    const isThere = ref(true);
    const show = (event: MouseEvent, text: string) => ((event.currentTarget as Element).textContent = text);
    return () => [
      h('button', { id: 'change', onClick: () => (isChanged.value = !isChanged.value) }, 'Change'),
      h('button', { id: 'remove', onClick: () => (isThere.value = !isThere.value) }, 'Remove'),
      h('button', { id: 'told', onClick: (event: MouseEvent) => show(event, heard.join(' ')) }, 'Told'),
      isThere.value &&
        h(
          'marketplace-session',
          {
            'api-endpoint': props.apiEndpoint,
            id: 'session',
            class: 'mine',
            theme: isChanged.value ? 'light' : 'dark',
            'no-redirect': '',
            noExtend: isChanged.value,
            '.warningSeconds': [40],
            '.strings': { end: isChanged.value ? 'Stop here' : 'Finish' },
            '.getSessionToken': async () => (await fetch(props.tokenUrl!)).text(),
            'onSession-ready': note,
            'onSession-statechange': note,
            'onSession-warning': (event: Event) => {
              note(event);
              event.preventDefault();
            },
          },
          [
            h('i', { slot: 'fallback' }, 'Opening…'),
            isChanged.value ? h('b', { id: 'child' }, 'Changed') : h('i', { id: 'child' }, 'First'),
          ],
        ),
      h('marketplace-session-timer', { for: 'session', shape: 'pill' }),
      h(Told, { name: 'hook' }),
      h(Own, { options: { apiEndpoint: props.apiEndpoint!, sessionToken: props.hookToken, id: 'own' } }),
    ];
  },
});

export const createPage = (addresses: Addresses) =>
  createSSRApp(Page, { ...addresses }).use(marketplaceSessionPlugin, {
    apiEndpoint: addresses.apiEndpoint,
    sessionToken: addresses.hookToken,
    id: 'hooked',
  });
