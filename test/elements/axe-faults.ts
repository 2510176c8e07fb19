import 'axe-core';
import type * as AxeCore from 'axe-core';

declare const axe: typeof AxeCore;

/** What axe finds around an element, one line a rule; empty where all is well. */
export async function axeFaults(element: Element): Promise<string[]> {
  // Half faded in, nothing has its contrast. What is drawn endlessly is looked at as it is.
  const endless = (animation: Animation) => animation.effect?.getComputedTiming().endTime === Infinity;
  const ending = element.shadowRoot!.getAnimations().filter((animation) => !endless(animation));
  await Promise.allSettled(ending.map(({ finished }) => finished));
  const { violations } = await axe.run(element.parentElement!, {
    rules: { region: { enabled: false } },
    // What is well needs no description, and nobody reads where a fault is by selectors.
    resultTypes: ['violations'],
    selectors: false,
  });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
