/** The types that every browser draws. */
export const isPicture = (contentType: string): boolean => /^image\/(png|jpeg|gif|webp)$/.test(contentType);

/** Pixels of the longer side: what a list has room for, on a fine screen. */
const longestSidePx = 1024;

export interface PreviewsOptions {
  /** What is in a file. */
  content(fileId: string, signal: AbortSignal): Promise<Blob>;
  /** It is no picture that can be drawn; or `content` failed, by what that has thrown. */
  onFailed(fileId: string, error: unknown): void;
}

/**
 * Draws pictures once they come to be seen. Onto a canvas: so it needs no address that the policy of a page would have to allow
 * (`img-src`), and nothing but pixels is left of what somebody else has sent.
 */
export class Previews {
  readonly #options: PreviewsOptions;
  readonly #over = new AbortController();
  readonly #observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries)
      if (isIntersecting) this.#show(target as HTMLCanvasElement);
  });
  readonly #known = new WeakSet<Element>();

  constructor(options: PreviewsOptions) {
    this.#options = options;
  }

  /** @param canvas with the id of its file in `data-file`; one that is known already stays as it is. */
  watch(canvas: HTMLCanvasElement): void {
    if (this.#known.has(canvas)) return;
    this.#known.add(canvas);
    this.#observer.observe(canvas);
  }

  /** Draws nothing any more. */
  close(): void {
    this.#over.abort();
    this.#observer.disconnect();
  }

  #show(canvas: HTMLCanvasElement): void {
    this.#observer.unobserve(canvas);
    const fileId = canvas.dataset.file!;
    this.#draw(canvas, fileId).catch(
      (error: unknown) => this.#over.signal.aborted || this.#options.onFailed(fileId, error),
    );
  }

  async #draw(canvas: HTMLCanvasElement, fileId: string): Promise<void> {
    const { signal } = this.#over;
    const bitmap = await createImageBitmap(await this.#options.content(fileId, signal));
    const scale = Math.min(1, longestSidePx / Math.max(bitmap.width, bitmap.height));
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext('2d')!.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    canvas.dataset.isDrawn = '';
  }
}
