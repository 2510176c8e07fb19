// A draft that is kept in this browser, with its words counted. Nothing here knows of the session.

const title = document.querySelector('#title');
const draft = document.querySelector('#draft');
const goal = document.querySelector('#goal');
const words = document.querySelector('#words');
const progress = document.querySelector('#progress');
const keptName = 'margin:draft';

const kept = JSON.parse(localStorage.getItem(keptName) ?? '{}');
title.value = kept.title ?? '';
draft.value = kept.text ?? '';
goal.value = kept.goal ?? goal.value;

function count() {
  const total = draft.value.match(/\S+/g)?.length ?? 0;
  const wanted = Number(goal.value) || 1;
  const praise = total >= wanted ? ', goal reached' : '';
  words.textContent = `${total} ${total === 1 ? 'word' : 'words'}${praise}`;
  progress.max = wanted;
  progress.value = Math.min(total, wanted);
}

document.addEventListener('input', () => {
  count();
  localStorage.setItem(keptName, JSON.stringify({ title: title.value, text: draft.value, goal: goal.value }));
});
count();
