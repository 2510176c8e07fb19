import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChunkingContext } from 'rolldown';
import { defineConfig, type Plugin } from 'vite';
import { minifyHTMLLiterals } from 'minify-literals';
import MagicString from 'magic-string';
import { minify } from 'terser';
import { createRequire } from 'node:module';

/** What npm serves: one file for each source file, dependencies left to the bundler of the application. */
const packageEntries = {
  index: 'src/index.ts',
  pieces: 'src/pieces.ts',
  'live-help': 'src/live-help.ts',
  server: 'src/server.ts',
  cli: 'src/cli.ts',
  'controller/index': 'src/controller/index.ts',
  'controller/preflight/index': 'src/controller/preflight/index.ts',
  'elements/session/marketplace-session': 'src/elements/session/marketplace-session.ts',
  'elements/pieces/marketplace-session-timer': 'src/elements/pieces/marketplace-session-timer.ts',
  'elements/pieces/marketplace-session-warning': 'src/elements/pieces/marketplace-session-warning.ts',
  'elements/pieces/marketplace-session-extend': 'src/elements/pieces/marketplace-session-extend.ts',
  'elements/pieces/marketplace-session-connection': 'src/elements/pieces/marketplace-session-connection.ts',
  'elements/help/preflight/marketplace-session-preflight':
    'src/elements/help/preflight/marketplace-session-preflight.ts',
  'protocol/index': 'src/protocol/index.ts',
  'sdk/index': 'src/sdk/index.ts',
  'sdk/supabase/index': 'src/sdk/supabase/index.ts',
  'service/index': 'src/service/index.ts',
};

/** Folds white space in templates and style sheets. */
const minifyTemplates: Plugin = {
  name: 'minify-templates',
  enforce: 'pre',
  async transform(code, id) {
    if (!id.includes('/src/elements/')) return null;
    const result = await minifyHTMLLiterals(code, { fileName: id });
    return result && { code: result.code, map: JSON.stringify(result.map) };
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
  'attribute:!0,type:String,converter:u,reflect:!1,useDefault:!1,',
  '"function"==typeof t.converter?',
  ':void 0!==t.converter?.fromAttribute?t.converter:u',
  '"string"==typeof i?',
  ':"string"==typeof t?t.toLowerCase():void 0',
  ',e=!1',
  '!1===e&&',
  'this.willUpdate(s),',
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
    // Lit is built for production here, and warns of nothing.
    if (id.endsWith('/elements/shared/base-element.ts'))
      return { code: code.replace(/^.*litIssuedWarnings.*$/m, ''), map: null };
    if (!id.endsWith('/@lit/reactive-element/reactive-element.js')) return null;
    for (const part of unusedParts) {
      if (!code.includes(part)) this.error(`unusedParts knows another version of ${id}: ${part}`);
      code = code.replace(part, '');
    }
    return { code, map: null };
  },
};

/** What is there before anything is late. */
const entryFiles = ['marketplace-session.js', 'pieces.js'];

/** `latePart` asks for a file that did not come under another address: its import takes a query here. */
const lateAddresses: Plugin = {
  name: 'late-addresses',
  renderChunk(code, { fileName, imports }) {
    // It would be asked for under the address that failed, whatever the address of the file that imports it.
    const late = imports.find((name) => !entryFiles.includes(name));
    if (late) this.error(`${fileName} imports ${late} at once: only latePart() may import a late file`);
    const text = new MagicString(code);
    text.replaceAll(/\(\) => import\(("[^"]+")\)/g, (_, address) => `(query) => import(${address} + query)`);
    // Any other way to import one would not come back in every browser.
    if (/\bimport\("[^"]+"\)/.test(text.toString())) this.error('a late part is imported without latePart()');
    return { code: text.toString(), map: text.generateMap({ hires: true }) };
  },
};

const { version } = createRequire(import.meta.url)('./package.json') as { version: string };

const entry = 'src/index.ts';
const piecesEntry = 'src/pieces.ts';

/**
 * A page that loads the entry under two addresses, such as `?v=2`, has two copies of it, and only the first one's tag is
 * defined. That one says under the name of its version where it came from, and every other file of the version imports
 * from there: pieces know its sessions, late parts throw its errors.
 */
const oneCopy: Plugin = {
  name: 'one-copy',
  transform(code, id) {
    if (!id.endsWith(`/${entry}`)) return null;
    return { code: `${code}\nMarketplaceSessionElement['${version}'] = import.meta.url;`, map: null };
  },
  renderChunk(code, chunk) {
    const text = new MagicString(code);
    // Where it has to be fetched first, another address may have come before it.
    text.replaceAll(
      /import\s*\{([^}]*)\}\s*from\s*("\.\/marketplace-session\.js");?/g,
      (_, names: string, address: string) => `
        const source = () => customElements.get("marketplace-session")?.["${version}"];
        const { ${names.replaceAll(' as ', ': ')} } =
          await import(source() ?? (await import(${address}), source() ?? ${address}));`,
    );
    if (/from\s*"\.\/marketplace-session\.js"/.test(text.toString()))
      this.error(`${chunk.fileName} imports the entry by its name`);
    return { code: text.toString(), map: text.generateMap({ hires: true }) };
  },
};

/** Fetched before the first request of a bound session. */
const proof = 'src/controller/token/proof-of-possession.ts';

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

/** Goes over what the bundler has written: a hundredth smaller than its own minifier leaves it. */
const minifyScripts: Plugin = {
  name: 'minify-scripts',
  async writeBundle({ dir }, bundle) {
    for (const { fileName, type } of Object.values(bundle)) {
      const path = join(dir!, fileName);
      if (type !== 'chunk' || !existsSync(`${path}.map`)) continue;
      const { code, map } = await minify(await readFile(path, 'utf8'), {
        module: true,
        ecma: 2022,
        compress: { passes: 3 },
        sourceMap: {
          content: await readFile(`${path}.map`, 'utf8'),
          ...(!/^..-/.test(fileName) && { url: `${fileName}.map` }),
        },
      });
      await writeFile(path, code!);
      await writeFile(`${path}.map`, map as string);
    }
  },
};

export default defineConfig(({ mode }) =>
  mode === 'cdn'
    ? {
        // What a script tag loads: one small file that fetches its late parts by itself.
        plugins: [withoutUnusedParts, minifyTemplates, lateAddresses, oneCopy, minifyScripts],
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
            checks: { pluginTimings: false },
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
        plugins: [minifyTemplates],
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
