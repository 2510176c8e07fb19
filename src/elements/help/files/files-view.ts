import { html, nothing, type TemplateResult } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import type { FilesSnapshot, ListedFile } from '../../../controller/files/files.js';
import type { FileUpload } from '../../../controller/files/uploads.js';
import { button } from '../../session/panels/button.js';
import { sentences } from '../../shared/sentences.js';
import { fill } from '../../shared/wording.js';
import { acceptOf, fileTroubleOf, percentText, sizeText, typesText } from './file-facts.js';
import type { FilesWords } from './files-words.js';

export interface FilesView {
  words: FilesWords;
  /** For `Intl`. */
  locale: string;
  snapshot: FilesSnapshot;
  /** An instant by the customer's clock. */
  clock(instant: number): string;
  /** Whether a phone's camera can be asked for, and nothing can be dropped. */
  isTouched: boolean;
  /** Whether something is dragged over it. */
  isOver: boolean;
  /** The file that the person is asked about. */
  asked: string | undefined;
  /** The file that is being deleted. */
  deleting: string | undefined;
  /** The file that could not be deleted. */
  undeleted: string | undefined;
  /** Whether it is shown what is in a file. */
  isDrawn(file: ListedFile): boolean;
  choose(event: Event): void;
  chosen(event: Event): void;
  dragged(event: DragEvent): void;
  dropped(event: DragEvent): void;
  pasted(event: ClipboardEvent): void;
  cancel(id: string): void;
  retry(id: string): void;
  reload(): void;
  askToDelete(id: string | undefined): void;
  remove(id: string): void;
  open(event: Event, file: ListedFile): void;
}

/** The whole of it. */
export function filesView(view: FilesView): TemplateResult {
  const { words, snapshot, isOver, dragged, dropped, pasted } = view;
  const { files, uploads, isOpen, limits } = snapshot;
  const canSend = isOpen && limits !== undefined;
  return html`<section
    part="files"
    aria-labelledby="title"
    @dragenter=${dragged}
    @dragover=${dragged}
    @dragleave=${dragged}
    @drop=${dropped}
    @paste=${pasted}
  >
    <p part="announcement" role="status"></p>
    <h2 part="files-title" id="title" tabindex="-1">${words.title}</h2>
    ${canSend ? sending(view, limits) : nothing}
    ${
      uploads.length
        ? html`<ul part="uploads" role="list">
            ${repeat(
              uploads,
              ({ id }) => id,
              (one) => upload(one, view),
            )}
          </ul>`
        : nothing
    }
    ${
      files.length
        ? html`<ul part="files-list" role="list">
            ${repeat(
              files,
              ({ id }) => id,
              (one) => file(one, view),
            )}
          </ul>`
        : nothing
    }
    ${state(view)} ${isOver && canSend ? html`<p part="drop" aria-hidden="true">${words.drop}</p>` : nothing}
  </section>`;
}

function state({ words, snapshot, reload }: FilesView): TemplateResult | typeof nothing {
  const { isLoaded, isOpen, files, uploads, code } = snapshot;
  if (code && !isLoaded)
    return html`<p part="files-text" role="alert">${words.notLoaded}</p>
      ${button('try-again', words.tryAgain, reload)}`;
  const text = !isLoaded
    ? words.loading
    : !isOpen
      ? words.over
      : files.length || uploads.length
        ? ''
        : words.empty;
  return text ? html`<p part="files-text">${text}</p>` : nothing;
}

function sending(view: FilesView, limits: NonNullable<FilesSnapshot['limits']>): TemplateResult {
  const { words, locale, isTouched, choose, chosen } = view;
  const types = limits.accepted_types;
  const text = sentences(
    !isTouched && words.hint,
    fill(words.largest, { size: sizeText(limits.max_file_bytes, locale) }),
    types && fill(words.types, { types: typesText(types, words.plainText, locale) }),
  );
  // What a browser draws for them differs in each: a button of ours opens its window.
  return html`<div part="send">
      ${button('choose', words.choose, choose, { isPrimary: true })}
      ${isTouched ? button('photo', words.photo, choose) : nothing}
      <input type="file" hidden multiple accept=${acceptOf(types) ?? nothing} @change=${chosen} />
      ${isTouched ? html`<input type="file" hidden accept="image/*" capture="environment" @change=${chosen} />` : nothing}
    </div>
    <p part="files-text">${text}</p>`;
}

function upload(one: FileUpload, { words, locale, cancel, retry }: FilesView): TemplateResult {
  const { id, name, size, sentBytes, state, code, canRetry } = one;
  const named = (action: string) => ({ name: fill(words.named, { action, name }) });
  const isFailed = state === 'failed';
  const waits = /^(NETWORK|TIMED|REQUEST_TIMED)/.test(code ?? '') ? words.noNetwork : words.waiting;
  const told =
    state === 'waiting'
      ? waits
      : state === 'checking'
        ? words.checking
        : fill(words.sending, { percent: percentText(size ? sentBytes / size : 0, locale) });
  return html`<li part="upload" data-state=${state}>
    <p part="file-name"><bdi .textContent=${name}></bdi></p>
    ${
      isFailed
        ? html`<p part="upload-state" role="alert">${words.troubles[fileTroubleOf(code!)]}</p>`
        : html`<progress
              part="upload-progress"
              max=${size}
              value=${state === 'checking' ? nothing : sentBytes}
              aria-label=${name}
            ></progress>
            <p part="upload-state">${told}</p>`
    }
    <div part="file-buttons">
      ${isFailed && canRetry ? button('send-again', words.sendAgain, () => retry(id), named(words.sendAgain)) : nothing}
      ${
        state === 'checking'
          ? nothing
          : isFailed
            ? button('put-away', words.putAway, () => cancel(id), named(words.putAway))
            : button('cancel', words.cancel, () => cancel(id), named(words.cancel))
      }
    </div>
  </li>`;
}

function file(one: ListedFile, view: FilesView): TemplateResult {
  const { words, locale, clock, asked, isDrawn, open } = view;
  const { id, name, size, url, isOwn, sentBy, createdAt, canDelete } = one;
  const sender = words.senders[isOwn || sentBy === 'customer' ? 'own' : sentBy];
  const details = { sender, time: clock(createdAt), size: sizeText(size, locale) };
  const named = (action: string) => fill(words.named, { action, name });
  return html`<li part="file ${isOwn ? 'own' : 'other'}-file" data-file=${id}>
    ${
      isDrawn(one)
        ? html`<canvas
            part="picture"
            role="img"
            aria-label=${fill(words.picture, { name })}
            data-file=${id}
          ></canvas>`
        : nothing
    }
    <p part="file-name"><bdi .textContent=${name}></bdi></p>
    <p part="file-details">${fill(words.details, details)}</p>
    ${
      asked === id
        ? question(one, view)
        : html`<div part="file-buttons">
            ${
              url
                ? html`<a
                    part="button download-link"
                    href=${url}
                    target="_blank"
                    rel="noopener noreferrer"
                    aria-label=${named(words.download)}
                    @click=${(event: Event) => open(event, one)}
                    .textContent=${words.download}
                  ></a>`
                : nothing
            }
            ${
              canDelete
                ? button('delete', words.delete, () => view.askToDelete(id), { name: named(words.delete) })
                : nothing
            }
          </div>`
    }
  </li>`;
}

/** Nobody gets back what is gone. */
function question({ id }: ListedFile, view: FilesView): TemplateResult {
  const { words, deleting, undeleted, askToDelete, remove } = view;
  const isBusy = deleting === id;
  return html`<p part="delete-question" role="alert">
      ${undeleted === id ? words.notDeleted : words.deleteQuestion}
    </p>
    <div part="file-buttons">
      ${button('keep', words.keep, () => askToDelete(undefined))}
      ${button('delete-now', words.delete, () => remove(id), { isBusy })}
    </div>`;
}
