import type { SessionController } from '../controller/session-controller.js';
import type { ModalStyles } from './config.js';

const properties: Record<keyof ModalStyles, string> = {
  backgroundColor: '--marketplace-session-surface',
  textColor: '--marketplace-session-text',
  primaryColor: '--marketplace-session-accent',
  borderRadius: '--marketplace-session-radius',
  fontFamily: 'font-family',
};

/** The warning of a session without a tag, in the colours of the older configuration. Whoever loads this defines it. */
export function warningElement(session: SessionController, styles: Partial<ModalStyles> = {}): HTMLElement {
  const element = Object.assign(document.createElement('marketplace-session-warning'), { session });
  for (const [name, property] of Object.entries(properties))
    element.style.setProperty(property, styles[name as keyof ModalStyles] ?? '');
  return element;
}
