/** Marks a style sheet's text, for editors and for what makes it small. */
export const css = ([text]: TemplateStringsArray): string => text!;

const sheets = new WeakMap<Document, Record<string, CSSStyleSheet>>();

/** The style sheet of a text: one for all elements of a document, and of no other one (CSSOM, 6.2.1). */
export function sheetOf(text: string, document: Document): CSSStyleSheet[] {
  const { defaultView } = document;
  // Nothing is drawn in a document that no window shows.
  if (!defaultView) return [];
  if (!sheets.has(document)) sheets.set(document, {});
  const known = sheets.get(document)!;
  if (!known[text]) (known[text] = new defaultView.CSSStyleSheet()).replaceSync(text);
  return [known[text]];
}
