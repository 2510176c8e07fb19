// What the page of the hydration test runs, once the tag is awake.
import { createElement, useEffect } from 'react';
import { hydrateRoot } from 'react-dom/client';

function App() {
  useEffect(() => {
    document.documentElement.dataset.hydrated = 'yes';
  }, []);
  return createElement('marketplace-session', { 'api-endpoint': `${location.origin}/api/v1` });
}

await customElements.whenDefined('marketplace-session');
hydrateRoot(document.getElementById('root')!, createElement(App), {
  onRecoverableError: (error) => console.error(error),
});
