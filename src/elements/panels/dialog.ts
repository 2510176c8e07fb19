import { timeClass } from '../timer.js';
import { fill } from '../wording.js';
import type { Words } from '../words.js';
import { button } from './button.js';
import { connectionLines } from './connection.js';
import { h, type Drawable } from './draw.js';
import { refusalText } from './error-panel.js';
import { confirmButton, optionList, topUpLink } from './extend-form.js';
import { isBlocked, type DialogMode, type PanelsView } from './view.js';

/**
 * The one dialog: the last warning (WCAG 2.2.1), extending, ending. Everything outside a modal dialog is inert, so the
 * time, the connection, the refusal and the announcements stand inside too. Escape means "keep going".
 */
export function dialog(view: PanelsView): Drawable {
  const { dialog: mode, words, options, connection, snapshot } = view;
  const canExtend = mode !== 'end' && mode !== 'pay' && options.length > 0;
  return h(
    'dialog.dialog',
    {
      'aria-labelledby': 'title',
      'aria-describedby': 'text',
      oncancel: view.keepGoing,
      // It comes late: the dialog may be open again for another reason.
      onclose: ({ target }) => (target as HTMLDialogElement).open || view.keepGoing(),
    },
    mode &&
      h(
        'form',
        { method: 'dialog', onsubmit: (event) => submit(event, view) },
        h('h2.dialog-title', { id: 'title' }, h('slot', { name: `${mode}-title` }, titleOf(mode, words))),
        h(
          'p.dialog-text',
          { id: 'text' },
          h(
            'slot',
            { name: `${mode}-text` },
            words[`${mode}Text`],
            mode === 'warning' && canExtend && ` ${words.canAddTime}`,
          ),
        ),
        timeLeft(view),
        canExtend && optionList(view),
        h(
          'div.dialog-status',
          {},
          connection !== 'online' && connectionLines(view),
          canExtend && snapshot.connection === 'offline' && ` ${words.addLater}`,
        ),
        h('p.message', { role: 'alert' }, snapshot.error && refusalText(view)),
        h(
          'div.actions',
          {},
          mode === 'end' ? endButtons(view) : mode === 'pay' ? payButtons(view) : extendButtons(view),
        ),
      ),
    h('p.announcement', { role: 'status' }),
  );
}

const titleOf = (mode: DialogMode, words: Words): string =>
  mode === 'warning' || mode === 'end' ? words[`${mode}Title`] : words.addTime;

function submit(event: Event, { dialog, snapshot, confirmEnd, buy }: PanelsView): void {
  event.preventDefault();
  if (isBlocked(snapshot)) return;
  if (dialog === 'end') confirmEnd();
  else buy();
}

function timeLeft({ snapshot: { deadline }, words, formats }: PanelsView): Drawable {
  return h(
    'p.dialog-time',
    { role: 'timer', 'aria-label': words.timeLeft },
    h('span.time', { class: timeClass }),
    h('span.end-time', {}, deadline && fill(words.endsAt, { time: formats.time(deadline) })),
  );
}

/** Focus starts on what neither costs nor ends anything. */
function extendButtons(view: PanelsView): Drawable {
  const { dialog, words, act, keepGoing } = view;
  const isWarning = dialog === 'warning';
  return [
    confirmButton(view),
    button('keep', isWarning ? words.keepGoing : words.notNow, keepGoing, { autofocus: true }),
    topUpLink(view),
    isWarning && button('end', words.endNow, () => act('end')),
  ];
}

/** The page stays: what is under way in it goes on, and the new deadline comes by itself. */
function payButtons({ checkout: href, words, keepGoing }: PanelsView): Drawable {
  return [
    h(
      'a.button primary-button pay-link',
      { href, target: '_blank', rel: 'noopener noreferrer', autofocus: true },
      words.pay,
    ),
    button('keep', words.notNow, keepGoing),
  ];
}

function endButtons({ snapshot, words, keepGoing }: PanelsView): Drawable {
  return [
    button('end', snapshot.pending ? words.working : words.endNow, undefined, {
      isPrimary: true,
      isBusy: isBlocked(snapshot),
    }),
    button('keep', words.keepGoing, keepGoing, { autofocus: true }),
  ];
}
