import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChunkingContext } from 'rolldown';
import { defineConfig, type Plugin } from 'vite';
import { minifyHTMLLiterals } from 'minify-literals';
import { minify } from 'terser';
import { createRequire } from 'node:module';

/** What npm serves: one file for each source file, dependencies left to the bundler of the application. */
const packageEntries = {
  index: 'src/index.ts',
  pieces: 'src/pieces.ts',
  server: 'src/server.ts',
  cli: 'src/cli.ts',
  'controller/index': 'src/controller/index.ts',
  'elements/marketplace-session': 'src/elements/marketplace-session.ts',
  'elements/pieces/marketplace-session-timer': 'src/elements/pieces/marketplace-session-timer.ts',
  'elements/pieces/marketplace-session-warning': 'src/elements/pieces/marketplace-session-warning.ts',
  'elements/pieces/marketplace-session-extend': 'src/elements/pieces/marketplace-session-extend.ts',
  'elements/pieces/marketplace-session-connection': 'src/elements/pieces/marketplace-session-connection.ts',
  'protocol/index': 'src/protocol/index.ts',
  'sdk/index': 'src/sdk/index.ts',
  'service/index': 'src/service/index.ts',
};

/** Folds white space in Lit's templates, a fifth of their size, and shortens the custom properties of our own. */
const minifyTemplates: Plugin = {
  name: 'minify-templates',
  enforce: 'pre',
  async transform(code, id) {
    if (!id.includes('/src/elements/')) return null;
    const result = await minifyHTMLLiterals(code, { fileName: id });
    if (!result) return null;
    // It leaves some in values of custom properties, and zeros before a point.
    const isStyles = id.endsWith('styles.ts');
    const folded = isStyles
      ? result.code.replace(/(?<=,) |(?<=[ :])0(?=\.)/g, '').replace(/--ms-(..)\w+/g, '--ms-$1')
      : result.code;
    return { code: folded, map: JSON.stringify(result.map) };
  },
};

/**
 * Parts of Lit that nothing here uses, as they stand in its minified file: decorators, reflection, polyfills, defaults,
 * accessors and life cycle steps of a class's own, its warning of two versions, and its own style sheets, in whose place
 * `BaseElement` has some that can change their document.
 */
const unusedParts = [
  'p=a.reactiveElementPolyfillSupport,',
  'p?.({ReactiveElement:y}),',
  'Symbol.metadata??=Symbol("metadata"),a.litPropertyMetadata??=new WeakMap;',
  'const t=this[Symbol.metadata];if(null!==t){const s=litPropertyMetadata.get(t);if(void 0!==s)for(const[t,i]of s)this.elementProperties.set(t,i)}',
  '_$ET(t,s){const i=this.constructor.elementProperties.get(t),e=this.constructor._$Eu(t,i);if(void 0!==e&&!0===i.reflect){const h=(void 0!==i.converter?.toAttribute?i.converter:u).toAttribute(s,i.type);this._$Em=t,null==h?this.removeAttribute(e):this.setAttribute(e,h),this._$Em=null}}',
  'this._$Eq&&=this._$Eq.forEach(t=>this._$ET(t,this[t])),',
  ',!0===e&&this._$Em!==t&&(this._$Eq??=new Set).add(t)',
  'toAttribute(t,s){switch(s){case Boolean:t=t?l:null;break;case Object:case Array:t=null==t?t:JSON.stringify(t)}return t},',
  'createRenderRoot(){const t=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return s(t,this.constructor.elementStyles),t}',
  'this.elementStyles=this.finalizeStyles(this.styles)',
  'static finalizeStyles(s){const i=[];if(Array.isArray(s)){const e=new Set(s.flat(1/0).reverse());for(const s of e)i.unshift(t(s))}else void 0!==s&&i.push(t(s));return i}',
  'y.elementStyles=[],y.shadowRootOptions={mode:"open"},',
  'static addInitializer(t){this._$Ei(),(this.l??=[]).push(t)}',
  ',this.constructor.l?.forEach(t=>t(this))',
  ',void 0!==t.l&&(this.l=[...t.l])',
  'c=a.trustedTypes,l=c?c.emptyScript:"",',
  'fromAttribute(t,s){let i=t;switch(s){case Boolean:i=null!==t;break;case Number:i=null===t?null:Number(t);break;case Object:case Array:try{i=JSON.parse(t)}catch(t){i=null}}return i}',
  '||i.useDefault&&i.reflect&&h===this._$Ej?.get(t)&&!this.hasAttribute(r._$Eu(t,i))',
  '??this._$Ej?.get(e)??r',
  'i&&!(this._$Ej??=new Map).has(t)&&(this._$Ej.set(t,r??s??this[t]),!0!==h||void 0!==r)||',
  'import{getCompatibleStyle as t,adoptStyles as s}from"./css-tag.js";export{CSSResult,css,supportsAdoptingStyleSheets,unsafeCSS}from"./css-tag.js";',
  's as adoptStyles,',
  't as getCompatibleStyle,',
  'getOwnPropertyDescriptor:h,',
  'h(this.prototype,t)??',
  'getOwnPropertySymbols:o,',
  ',...o(t)',
  's.state&&(s.attribute=!1),',
  ',this.prototype.hasOwnProperty(t)&&((s=Object.create(s)).wrapped=!0)',
  'const t=this.constructor.elementProperties;if(t.size>0)for(const[s,i]of t){const{wrapped:t}=i,e=this[s];!0!==t||this._$AL.has(s)||void 0===e||this.C(s,void 0,i,e)}',
  ',{useDefault:i,reflect:e,wrapped:h},r',
  'this.hasUpdated||i||(s=void 0),',
  ',!s.noAccessor',
  'attribute:!0,type:String,converter:u,reflect:!1,useDefault:!1,',
  '"function"==typeof t.converter?',
  ':void 0!==t.converter?.fromAttribute?t.converter:u',
  '"string"==typeof i?',
  ':"string"==typeof t?t.toLowerCase():void 0',
  ',e=!1',
  '!1===e&&',
  'this.willUpdate(s),this._$EO?.forEach(t=>t.hostUpdate?.()),',
  'willUpdate(t){}',
  ',this.firstUpdated(t)',
  'firstUpdated(t){}',
  'this._$Em=null,',
  '&&this._$Em!==e',
  'this._$Em=e;',
  ',this._$Em=null',
  ',(a.reactiveElementVersions??=[]).push("2.1.2")',
];

const withoutUnusedParts: Plugin = {
  name: 'without-unused-parts',
  transform(code, id) {
    if (!id.endsWith('/@lit/reactive-element/reactive-element.js')) return null;
    for (const part of unusedParts) {
      if (!code.includes(part)) this.error(`unusedParts knows another version of ${id}: ${part}`);
      code = code.replace(part, '');
    }
    return { code, map: null };
  },
};

const { version } = createRequire(import.meta.url)('./package.json') as { version: string };

const entry = 'src/index.ts';
const piecesEntry = 'src/pieces.ts';
/** Fetched before the first request of a bound session. */
const proof = 'src/controller/late/proof-of-possession.ts';

/** Whether a module is imported at once by one of those files, directly or through others. */
function isImportedBy(files: string[], id: string, context: ChunkingContext): boolean {
  const seen = new Set<string>();
  const isReached = (module: string): boolean => {
    if (files.some((file) => module.endsWith(`/${file}`))) return true;
    if (seen.has(module)) return false;
    seen.add(module);
    return context.getModuleInfo(module)?.importers.some(isReached) ?? false;
  };
  return isReached(id);
}

/** What comes after the first second comes together: one request, and a fourteenth smaller than several. */
const chunkOf = (id: string, context: ChunkingContext): string | null => {
  if (/\/languages\/..\.ts$/.test(id)) return null;
  if (isImportedBy([entry], id, context)) return 'marketplace-session';
  return isImportedBy([piecesEntry, proof], id, context) ? null : 'late';
};

/**
 * Long names that only our own files say to each other: fields of what the panels are drawn from, of a run and of its
 * world, and what a late part hands out. None is known to a page (its own words included), to another tab, to the wire or
 * to the DOM.
 */
const internalNames = [
  // Of what the panels are drawn from.
  ...['act', 'announcement', 'asked', 'buy', 'choice', 'choose', 'confirmEnd', 'draws', 'follow', 'followed'],
  ...['formats', 'hasWarning', 'isBusy', 'isTaken', 'look', 'notice', 'panels', 'reconnect', 'returnAddress'],
  ...['say', 'showWarning', 'told', 'wear', 'whole'],
  // Of late parts.
  ...['answerStanding', 'askNow', 'attach', 'consoleLogger', 'loadWords', 'perform', 'SessionPanels'],
  // Of a run.
  ...['askedAt', 'audience', 'claims', 'contend', 'delayMs', 'dispatch', 'fetchedAt', 'getRemainingSeconds'],
  ...['getSnapshot', 'isBound', 'isHandedOn', 'isInDoubt', 'isUnwritten', 'isYes', 'jumpMs', 'keepToken'],
  ...['listen', 'offsetMs', 'onSaid', 'onTick', 'owner', 'post', 'prepare', 'probeDelayMs', 'prove', 'relay'],
  ...['requestInit', 'resign', 'retell', 'sendOnce', 'succeeded', 'takeOver', 'takeRetry', 'ticker'],
  ...['toleranceSeconds', 'validateOnce', 'world'],
  // Of its world.
  ...['isOnline', 'leaveTo', 'monotonicNow', 'nextTickMs', 'openTabChannel', 'randomId', 'replaceAddress'],
  ...['tabStorage', 'whenIdle'],
  // Of Lit, which nobody extends in this build.
  ...['addController', 'createProperty', 'createRenderRoot', 'enableUpdating', 'getPropertyDescriptor'],
  ...['getPropertyOptions', 'getUpdateComplete', 'hasChanged', 'hasUpdated', 'hostConnected'],
  ...[
    'hostDisconnected',
    'hostUpdated',
    'isUpdatePending',
    'performUpdate',
    'removeController',
    'renderRoot',
  ],
  ...['scheduleUpdate', 'shouldUpdate'],
];

/** Goes over what the bundler has written: a thirtieth smaller than its own minifier leaves it. */
const minifyScripts: Plugin = {
  name: 'minify-scripts',
  async writeBundle({ dir }, bundle) {
    const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
    // One short name for a property in all files, and none that something in any of them has already, as in Lit.
    let props: object = {};
    const reserved = chunks.flatMap(({ code }) => code.match(/(?<=\.)[\w$]{1,2}\b/g) ?? []);
    const properties = { regex: new RegExp(`^(${internalNames.join('|')})$`), reserved };
    for (const { fileName } of chunks) {
      const path = join(dir!, fileName);
      if (!existsSync(`${path}.map`)) continue;
      let code = await readFile(path, 'utf8');
      let map = await readFile(`${path}.map`, 'utf8');
      // Twice: the second time sees what the first has made of it.
      for (const mangle of [{ properties }, true]) {
        const nameCache = { props };
        const smaller = await minify(code, {
          module: true,
          ecma: 2022,
          compress: {
            passes: 3,
            unsafe: true,
            unsafe_methods: true,
            unsafe_arrows: true,
            hoist_funs: true,
            keep_fargs: false,
          },
          mangle,
          nameCache,
          sourceMap: { content: map, ...(!/^..-/.test(fileName) && { url: `${fileName}.map` }) },
        });
        ({ props } = nameCache);
        code = smaller.code!;
        map = smaller.map as string;
      }
      await writeFile(path, code);
      await writeFile(`${path}.map`, map);
    }
  },
};

export default defineConfig(({ mode }) =>
  mode === 'cdn'
    ? {
        // What a script tag loads: one small file that fetches its late parts by itself.
        plugins: [withoutUnusedParts, minifyTemplates, minifyScripts],
        build: {
          outDir: 'dist/cdn',
          target: 'es2022',
          sourcemap: true,
          modulePreload: false,
          lib: {
            entry: { 'marketplace-session': entry, pieces: piecesEntry },
            formats: ['es'] as const,
            fileName: (_, name) => `${name}.js`,
          },
          minify: true,
          rolldownOptions: {
            preserveEntrySignatures: 'allow-extension',
            output: {
              // Nothing of one version is mixed with another's, and a name that repeats costs next to nothing.
              chunkFileNames: `[name]-${version}.js`,
              minify: true,
              codeSplitting: {
                includeDependenciesRecursively: false,
                groups: [{ name: chunkOf, debugName: 'parts' }],
              },
            },
          },
        },
      }
    : {
        build: {
          outDir: 'dist',
          target: 'es2022',
          sourcemap: true,
          minify: true,
          lib: { entry: packageEntries, formats: ['es'] as const },
          rolldownOptions: {
            external: /^(?![./])/,
            output: { preserveModules: true, preserveModulesRoot: 'src', entryFileNames: '[name].js' },
          },
        },
      },
);
