import type { SessionController } from '../../controller/session-controller.js';
import { browserWorld } from '../../controller/browser-world.js';
import { LatePanels } from '../session/late-panels.js';
import { create } from '../shared/nodes.js';
import type { Drawing, PanelsHost, Places } from '../session/panels-host.js';
import { timerStyles } from '../session/styles.js';
import { writeTime } from '../session/timer.js';
import { SessionPiece } from './session-piece.js';

/** A piece that is drawn by the late part, as the tag's own panels are. */
export abstract class PanelPiece extends SessionPiece implements PanelsHost {
  static override sheets = [timerStyles];

  /** @internal */
  declare frame: Places;
  /** Once there is a session. @internal */
  protected panels: LatePanels | undefined;

  /** The controller of its session, once it is found. */
  override get controller(): SessionController {
    return super.controller!;
  }

  /** What it draws. @internal */
  abstract draws(what: Drawing): boolean;

  protected override followed(controller: SessionController, signal: AbortSignal): void {
    const panels = (this.panels = new LatePanels(this, signal));
    const come = () => panels.with();
    if (controller.session) browserWorld().whenIdle(come);
    else controller.addEventListener('ready', () => browserWorld().whenIdle(come), { signal });
    controller.addEventListener('tick', () => writeTime(this.shadowRoot!, controller.remainingText), {
      signal,
    });
  }

  protected override show(): void {
    this.frame ??= {
      buttons: create(this.whole, 'div', { part: 'buttons' }),
      panels: create(this.whole, 'div', { part: 'panels' }),
      announcement: create(this.whole, 'p', { part: 'announcement', role: 'status' }),
    };
  }

  protected override updated(): void {
    writeTime(this.shadowRoot!, super.controller?.remainingText ?? '');
  }
}
