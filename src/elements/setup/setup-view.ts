import { html, nothing, type TemplateResult } from 'lit/html.js';
import { keyed } from 'lit/directives/keyed.js';
import type { PageFinding } from '../../controller/setup/answers.js';
import type { SetupSnapshot } from '../../controller/setup/setup.js';
import { setupSteps, type SetupStep } from '../../controller/setup/setup-steps.js';
import { snippets, type FrameworkName } from '../../snippets/snippets.js';
import { policyLines, themeRule } from '../../snippets/page-settings.js';
import { choice } from '../help/choice.js';
import { button } from '../session/panels/button.js';
import type { Formats } from '../shared/formats.js';
import { fill } from '../shared/wording.js';
import type { Words } from '../shared/words.js';
import type { SetupWords } from './setup-words.js';

export type SnippetTheme = 'auto' | 'light' | 'dark';

export interface SetupView {
  words: SetupWords;
  common: Words;
  snapshot: SetupSnapshot;
  formats: Formats;
  apiEndpoint: string;
  applicationId: string;
  step: SetupStep;
  framework: FrameworkName;
  theme: SnippetTheme;
  /** A colour of CSS; undefined: the element's own. */
  accent: string | undefined;
  /** What was copied last. */
  copied: string | undefined;
  /** What is wrong with what was written into the field of this step. */
  fault: string | undefined;
  open(step: SetupStep): void;
  next(): void;
  savePage(address: string): void;
  savePrice(tokens: string): void;
  register(origin: string): void;
  remove(origin: string): void;
  newKey(): void;
  keepKey(): void;
  choose(chosen: { framework?: FrameworkName; theme?: SnippetTheme; accent?: string }): void;
  copy(name: string, text: string): void;
  check(): void;
  rehearse(): void;
  stop(): void;
  retry(): void;
}

export function setupView(view: SetupView): TemplateResult {
  const { words, snapshot, step, applicationId } = view;
  const { application, steps, failure } = snapshot;
  const mode = application.value ? (application.value.mode ?? 'unknown') : undefined;
  return html`<section
    part="setup"
    aria-labelledby="setup-title"
    aria-busy=${snapshot.isSaving ? 'true' : nothing}
  >
    <h2 part="setup-title" id="setup-title">
      ${words.title} <bdi>${application.value?.name ?? applicationId}</bdi>
    </h2>
    ${mode ? html`<p part="mode ${mode}-mode">${words.modes[mode]}</p>` : nothing}
    <nav aria-labelledby="setup-title">
      <ol part="steps" role="list">
        ${setupSteps.map((name, index) => stepView(view, name, index))}
      </ol>
    </nav>
    ${keyed(
      step,
      html`<div part="step-panel">
        <h3 part="step-title" tabindex="-1">${words.steps[step]}</h3>
        ${
          failure
            ? html`<div part="trouble">
                <p part="trouble-text">${fill(words.failed, { code: failure.code })}</p>
                <p part="trouble-reason" lang="en" dir="ltr">${failure.message}</p>
              </div>`
            : nothing
        }
        ${application.value || step === 'application' ? panels[step](view) : applicationPanel(view)}
        ${
          !application.value || step === setupSteps.at(-1)
            ? nothing
            : html`<div part="actions">${button('next', words.next, view.next)}</div>`
        }
      </div>`,
    )}
    ${leftView(view, steps)}
    <p part="announcement" role="status"></p>
  </section>`;
}

function stepView(
  { words, snapshot, step, open }: SetupView,
  name: SetupStep,
  index: number,
): TemplateResult {
  const state = snapshot.steps[name];
  return html`<li part="step ${state}-step">
    <button
      type="button"
      part="button step-button"
      aria-current=${name === step ? 'step' : nothing}
      @click=${() => open(name)}
    >
      <span part="step-number" aria-hidden="true">${state === 'done' ? '✓' : index + 1}</span>
      <span part="step-name">${words.steps[name]}</span>
      <span part="step-state">${words.states[state]}</span>
    </button>
  </li>`;
}

/** What keeps sessions from running, and what comes before customers do. */
function leftView({ words, open }: SetupView, steps: SetupSnapshot['steps']): TemplateResult {
  const due = setupSteps.filter((name) => steps[name] === 'due');
  const later = setupSteps.filter((name) => steps[name] === 'later');
  const list = (names: readonly SetupStep[]) =>
    html`<ul part="left-list" role="list">
      ${names.map((name) => html`<li>${button('left', words.steps[name], () => open(name))}</li>`)}
    </ul>`;
  return html`<div part="left">
    <h3 part="setup-heading">${words.whatIsLeft}</h3>
    ${due.length ? list(due) : html`<p part="setup-text">${words.nothingLeft}</p>`}
    ${
      later.length
        ? html`<p part="setup-text">${words.beforeCustomers}</p>
            ${list(later)}`
        : nothing
    }
  </div>`;
}

const text = (content: string) => html`<p part="setup-text">${content}</p>`;

/** Something to copy, as it stands; it is read and scrolled by keys. */
function copied(
  { words, copied: last, copy }: SetupView,
  name: string,
  label: string,
  code: string,
): TemplateResult {
  return html`<figure part="code">
    <figcaption part="code-name">${label}</figcaption>
    <pre part="code-text" tabindex="0" dir="ltr" translate="no" role="group" aria-label=${label}>${code}</pre>
    ${button('copy', last === name ? words.copied : words.copy, () => copy(name, code), {
      name: `${words.copy}: ${label}`,
    })}
  </figure>`;
}

interface Field {
  name: string;
  label: string;
  hint?: string;
  value: string;
  inputMode: 'url' | 'numeric';
}

/** A field that is saved by its button, and what is wrong with it. */
function fieldForm(
  { words, fault, snapshot }: SetupView,
  { name, label, hint, value, inputMode }: Field,
  save: (value: string) => void,
): TemplateResult {
  const submit = (event: Event) => {
    event.preventDefault();
    save((event.target as HTMLFormElement).querySelector('input')!.value.trim());
  };
  return html`<form part="${name}-form" novalidate @submit=${submit}>
    <label part="field-label">
      <span part="field-name">${label}</span>
      <input
        part="field ${name}-field"
        .value=${value}
        inputmode=${inputMode}
        dir="ltr"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        aria-invalid=${fault ? 'true' : nothing}
        aria-describedby=${fault ? 'field-fault' : nothing}
      />
      ${hint ? html`<span part="field-hint">${hint}</span>` : nothing}
    </label>
    ${fault ? html`<p part="field-fault" id="field-fault">${fault}</p>` : nothing}
    <div part="actions">
      <button
        type="submit"
        part="button primary-button save-button"
        aria-disabled=${snapshot.isSaving ? 'true' : nothing}
      >
        <span .textContent=${words.save}></span>
      </button>
    </div>
  </form>`;
}

function applicationPanel({ words, common, snapshot, applicationId, retry }: SetupView): TemplateResult {
  const { state, code, value } = snapshot.application;
  if (value)
    return html`${text(words.applicationThere)}
      <p part="setup-text"><code dir="ltr" translate="no">${value.id}</code></p>`;
  if (state === 'loading') return text(words.loading);
  return html`<div part="trouble">
    <p part="trouble-text">${fill(words.failed, { code: code ?? '' })}</p>
    <p part="trouble-text">
      ${words.applicationMissing} <code dir="ltr" translate="no">${applicationId}</code>
    </p>
    ${button('retry', common.tryAgain, retry)}
  </div>`;
}

function pagePanel(view: SetupView): TemplateResult {
  const { words, snapshot, savePage, remove } = view;
  const { launchUrl = '', allowedOrigins } = snapshot.application.value!;
  return html`${fieldForm(
      view,
      {
        ...{ name: 'page', label: words.pageAddress, hint: words.pageHint },
        ...{ value: launchUrl, inputMode: 'url' as const },
      },
      savePage,
    )}
    <h4 part="setup-heading">${words.origins}</h4>
    ${text(words.originsHint)}
    <ul part="origins" role="list">
      ${allowedOrigins.map(
        (origin) =>
          html`<li part="origin">
            <code dir="ltr" translate="no">${origin}</code>
            ${button('remove', words.remove, () => remove(origin), { name: `${words.remove}: ${origin}` })}
          </li>`,
      )}
    </ul>`;
}

function pricePanel(view: SetupView): TemplateResult {
  const { words, formats, snapshot, savePrice } = view;
  const { tokensPerMinute } = snapshot.application.value!;
  const means = { minute: formats.tokens(tokensPerMinute), hour: formats.tokens(tokensPerMinute * 60) };
  return html`${fieldForm(
    view,
    {
      ...{ name: 'price', label: words.minutePrice },
      ...{ value: String(tokensPerMinute), inputMode: 'numeric' as const },
    },
    savePrice,
  )}
  ${text(fill(words.priceMeans, means))}`;
}

function keyPanel(view: SetupView): TemplateResult {
  const { words, snapshot, newKey, keepKey } = view;
  const { secretKey, application, steps, isSaving } = snapshot;
  if (application.value!.mode !== 'test') return html`${text(words.keyLive)}${keyQuestion(view)}`;
  if (secretKey !== undefined)
    return html`<p part="setup-text key-warning">${words.keyOnce}</p>
      ${copied(view, 'key', words.steps.key, `MARKETPLACE_SECRET_KEY=${secretKey}`)} ${text(words.keyWhere)}
      <div part="actions">${button('keep', words.keyKept, keepKey, { isPrimary: true })}</div>`;
  return html`${text(words.keyWhere)}
    <div part="actions">
      ${button('key', words.keyMake, newKey, { isPrimary: steps.key !== 'done', isBusy: isSaving })}
      ${steps.key === 'done' ? nothing : button('keep', words.keyHave, keepKey)}
    </div>`;
}

const keyQuestion = ({ words, snapshot, keepKey }: SetupView) =>
  snapshot.steps.key === 'done'
    ? nothing
    : html`<div part="actions">${button('keep', words.keyHave, keepKey, { isPrimary: true })}</div>`;

const themes: readonly SnippetTheme[] = ['auto', 'light', 'dark'];
const usualAccent = '#1d4ed8';

function snippetPanel(view: SetupView): TemplateResult {
  const { words, apiEndpoint, applicationId, framework, theme, accent, choose, snapshot } = view;
  const names = Object.keys(snippets) as FrameworkName[];
  const titleOf = (name: FrameworkName) => (name === 'html' ? words.noFramework : snippets[name].title);
  const { file, code } = snippets[framework];
  const values = { apiEndpoint, applicationId, theme: theme === 'auto' ? undefined : theme };
  const page = snapshot.application.value!.launchUrl;
  const sources = {
    scriptOrigin: page ? new URL(page).origin : "'self'",
    serviceOrigin: new URL(apiEndpoint).origin,
  };
  return html`<div part="snippet-choices">
      ${choice(
        'framework',
        words.framework,
        framework,
        names.toSorted((one) => (one === 'html' ? -1 : 0)).map((name) => [name, titleOf(name)] as const),
        (name) => choose({ framework: names.find((one) => one === name)! }),
      )}
      ${choice(
        'theme',
        words.theme,
        theme,
        themes.map((name) => [name, words.themes[name]] as const),
        (name) => choose({ theme: themes.find((one) => one === name)! }),
      )}
      <label part="field-label">
        <span part="field-name">${words.accent}</span>
        <input
          part="field accent-field"
          type="color"
          .value=${accent ?? usualAccent}
          @change=${({ target }: Event) => choose({ accent: (target as HTMLInputElement).value })}
        />
      </label>
    </div>
    ${copied(view, 'snippet', fill(words.putInto, { file }), code(values))}
    ${accent ? copied(view, 'style', words.look, themeRule(accent)) : nothing}
    ${copied(view, 'policy', words.policy, `${policyLines(sources).join(';\n')};`)}`;
}

function checksPanel(view: SetupView): TemplateResult {
  const { words, snapshot, check } = view;
  const { report, isChecking } = snapshot;
  const blockers = report?.checks.flatMap(({ findings }) => findings.filter(({ blocks }) => blocks)) ?? [];
  return html`${text(words.checkWhat)}
    <div part="actions">
      ${button('check', isChecking ? words.checking : words.check, check, { isPrimary: true, isBusy: isChecking })}
    </div>
    ${
      report
        ? html`<p part="setup-text verdict">
              ${report.isReady ? words.ready : fill(words.notReady, { count: String(blockers.length) })}
            </p>
            <ul part="checks" role="list">
              ${report.checks.map(({ looksAt, skipped, findings }) => {
                const verdict = skipped
                  ? 'skipped'
                  : findings.some(({ blocks }) => blocks)
                    ? 'blocked'
                    : findings.length
                      ? 'advice'
                      : 'ok';
                return html`<li part="check ${verdict}-check">
                  <p part="check-name">
                    <strong part="check-verdict">${words.verdicts[verdict]}</strong>
                    <span lang="en" dir="ltr">${looksAt}</span>
                  </p>
                  ${findings.map((finding) => findingView(view, finding))}
                </li>`;
              })}
            </ul>`
        : nothing
    }`;
}

const findingView = ({ words, register }: SetupView, { cause, means, mend, origin }: PageFinding) =>
  html`<div part="finding">
    <p part="finding-means" lang="en" dir="ltr">${means}</p>
    <p part="finding-mend" lang="en" dir="ltr">${mend}</p>
    <p part="finding-cause" lang="en" dir="ltr" translate="no"><code>${cause}</code></p>
    ${origin ? button('register', fill(words.register, { origin }), () => register(origin)) : nothing}
  </div>`;

function rehearsalPanel(view: SetupView): TemplateResult {
  const { words, snapshot, rehearse, stop } = view;
  const { rehearsal, launchUrl, application, isSaving } = snapshot;
  if (application.value!.mode !== 'test') return text(words.rehearsalLive);
  const runs = !/none|ended/.test(rehearsal);
  return html`${text(words.rehearseWhat)}
    ${rehearsal === 'none' ? nothing : html`<p part="setup-text rehearsal ${rehearsal}-rehearsal">${words.rehearsal[rehearsal]}</p>`}
    <div part="actions">
      ${
        launchUrl && /ready|late/.test(rehearsal)
          ? html`<a part="button primary-button launch-link" href=${launchUrl} target="_blank" rel="noopener"
              ><span .textContent=${words.openPage}></span
            ></a>`
          : nothing
      }
      ${
        runs
          ? button('stop', words.stop, stop)
          : button('rehearse', rehearsal === 'ended' ? words.again : words.rehearse, rehearse, {
              isPrimary: true,
              isBusy: isSaving,
            })
      }
    </div>
    ${rehearsal === 'late' ? checksPanel(view) : nothing}`;
}

const livePanel = ({ words }: SetupView) =>
  html`<ul part="later">
    ${Object.values(words.liveWhat).map((line) => html`<li>${line}</li>`)}
  </ul>`;

const panels: Record<SetupStep, (view: SetupView) => TemplateResult> = {
  application: applicationPanel,
  page: pagePanel,
  price: pricePanel,
  key: keyPanel,
  snippet: snippetPanel,
  checks: checksPanel,
  rehearsal: rehearsalPanel,
  live: livePanel,
};
