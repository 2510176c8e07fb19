import { html, type TemplateResult } from 'lit/html.js';

/** A list to choose one of. */
export function choice(
  name: string,
  label: string,
  chosen: string,
  options: readonly (readonly [value: string, label: string])[],
  choose: (value: string) => void,
): TemplateResult {
  return html`<label part="field-label">
    <span part="field-name">${label}</span>
    <select
      part="field ${name}-field"
      @change=${({ target }: Event) => choose((target as HTMLSelectElement).value)}
    >
      ${options.map(
        ([value, text]) =>
          html`<option value=${value} .selected=${value === chosen} .textContent=${text}></option>`,
      )}
    </select>
  </label>`;
}
