// The app around the board: its own warning, saving before the end, and its own goodbye.
import { Board } from './board.js';
import { loadStrokes, saveStrokes } from './drawing-store.js';

const find = (id) => document.getElementById(id);
const tokens = (count) => `${count} ${count === 1 ? 'token' : 'tokens'}`;
const session = document.querySelector('marketplace-session');
const board = new Board(find('canvas'), () => document.querySelector('[name=pen]:checked').value);

find('undo').addEventListener('click', () => board.undo());
find('clear').addEventListener('click', () => board.clear());

// In place of the tag's banner and dialog: one strip that never takes the focus.
const strip = find('warning');
const more = find('more');

function show(text, option) {
  find('warning-text').textContent = text;
  more.hidden = !option;
  if (option)
    more.textContent = `${option.additional_seconds / 60} more minutes for ${tokens(option.tokens)}`;
  strip.hidden = false;
}

const shortest = () => session.controller.extensionOptions.find(({ available }) => available);

session.addEventListener('session-warning', (event) => {
  event.preventDefault();
  show(`${event.remainingSeconds} seconds left. Your drawing is saved at the end.`, shortest());
});
more.addEventListener('click', () => {
  session
    .extend(shortest().additional_seconds / 60)
    .catch(() => show('That did not work. Please try again; nothing is charged twice.', shortest()));
});
find('dismiss').addEventListener('click', () => (strip.hidden = true));
session.addEventListener('session-extend', () => (strip.hidden = true));

find('done').addEventListener('click', () => {
  session
    .end()
    .catch(() => show('Your drawing could not be saved, so the session goes on. Please try again.'));
});

// The session ends once the drawing is saved, and no earlier.
session.addEventListener('session-end-request', (event) => event.respondWith(saveStrokes(board.strokes)));

session.addEventListener('session-complete', (event) => {
  const { usedSeconds, finalCost, tokensRefunded } = event;
  find('bill').textContent =
    `You used ${Math.ceil(usedSeconds / 60)} min for ${tokens(finalCost)}; ${tokensRefunded} went back to your wallet.`;
});

// In place of leaving at once: a goodbye that shows what was made.
session.addEventListener('session-redirect', async (event) => {
  event.preventDefault();
  find('leave').href = event.address;
  strip.hidden = true;
  // A session whose time ran out asked nobody to save.
  await saveStrokes(board.strokes);
  const picture = URL.createObjectURL(await board.toBlob());
  find('picture').src = picture;
  find('download').href = picture;
  document.body.classList.add('is-over');
  find('goodbye').hidden = false;
  find('goodbye').focus();
});

board.strokes = await loadStrokes();
