/** Defines a tag. A second definition does no harm, and on a server, where the module may be imported, nothing happens. */
export function define(name: string, element: CustomElementConstructor): void {
  const tags = globalThis.customElements as CustomElementRegistry | undefined;
  if (!tags?.get(name)) tags?.define(name, element);
}
