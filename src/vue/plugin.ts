import type { Plugin } from 'vue';
import type { SessionControllerOptions } from '../controller/options.js';
import { tags } from './tags.js';
import { openSession, sessionKey } from './use-marketplace-session.js';

/**
 * Whether a tag is one of the package's: for `compilerOptions.isCustomElement` of the build, or of `app.config` where templates are
 * compiled in the browser.
 */
export const isMarketplaceElement = (tag: string): boolean => tags.has(tag);

/**
 * `app.use(marketplaceSessionPlugin, options)`: one session for the whole application, which each component reads by
 * `useMarketplaceSession()`. It starts once the application is mounted and is let go with it; on a server it does nothing.
 */
export const marketplaceSessionPlugin: Plugin<[SessionControllerOptions]> = {
  install(app, options) {
    const { session, start } = openSession(options);
    app.provide(sessionKey, session);
    const { mount, unmount } = app;
    app.mount = (...args) => {
      const root = mount(...args);
      start();
      return root;
    };
    app.unmount = () => {
      unmount();
      session.controller.destroy();
    };
  },
};
