import type { ReactiveController } from '@lit/reactive-element';
import { missingPart } from '../../controller/late-part.js';
import { write } from '../shared/nodes.js';

/** Draws what an element shows. It comes late. */
export interface DrawingPart extends ReactiveController {
  draw(): void;
}

/** An element that such a part draws. */
interface DrawnElement extends Element {
  /** Around everything that is drawn. */
  readonly whole: HTMLElement;
  addController(controller: ReactiveController): void;
  requestUpdate(): void;
}

/** Fetches the part of an element and makes it, once. A page in which it does not come is not to be a page without a word. */
export class LateDrawing<Part extends DrawingPart> {
  /** Once it is there. */
  declare current: Part | undefined;
  readonly #element: DrawnElement;
  readonly #make: (isNeeded: () => unknown) => Promise<Part>;
  #loading: Promise<Part> | undefined;

  /** @param make is told whether the part is still needed after each try that failed. */
  constructor(element: DrawnElement, make: (isNeeded: () => unknown) => Promise<Part>) {
    this.#element = element;
    this.#make = make;
  }

  /** @throws {SessionError} `SCRIPT_INCOMPLETE` where the element has left the page before its script was there. */
  load(): Promise<Part> {
    const element = this.#element;
    const isNeeded = () => {
      write(element.whole, missingPart);
      return element.isConnected;
    };
    return (this.#loading ??= this.#make(isNeeded).then(
      (part) => {
        write(element.whole);
        element.addController((this.current = part));
        element.requestUpdate();
        return part;
      },
      (error: unknown) => {
        this.#loading = undefined;
        throw error;
      },
    ));
  }
}
