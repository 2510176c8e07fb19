// The drawing between two visits, in IndexedDB.

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function openStore(mode) {
  const opening = indexedDB.open('sketch', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('drawings');
  return (await settled(opening)).transaction('drawings', mode).objectStore('drawings');
}

export async function loadStrokes() {
  return (await settled((await openStore('readonly')).get('latest'))) ?? [];
}

export async function saveStrokes(strokes) {
  await settled((await openStore('readwrite')).put(strokes, 'latest'));
}
