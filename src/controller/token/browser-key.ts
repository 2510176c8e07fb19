const databaseName = 'marketplace-session';
const storeName = 'keys';
const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };

/**
 * This browser's key pair of that name, made at the first call. Nobody can read the private key, this page included;
 * the tabs of an origin share it.
 * @throws where the browser has no Web Cryptography or keeps no database.
 */
export async function browserKeyPair(name: string): Promise<CryptoKeyPair> {
  const database = await openDatabase();
  try {
    const kept = await answerOf<CryptoKeyPair | undefined>(keys(database, 'readonly').get(name));
    if (kept) return kept;
    const made = (await crypto.subtle.generateKey(algorithm, false, ['sign'])) as CryptoKeyPair;
    const store = keys(database, 'readwrite');
    // Another tab may have been faster: the first key stays.
    const first = await answerOf<CryptoKeyPair | undefined>(store.get(name));
    if (first) return first;
    await answerOf(store.put(made, name));
    return made;
  } finally {
    database.close();
  }
}

const keys = (database: IDBDatabase, mode: IDBTransactionMode) =>
  database.transaction(storeName, mode).objectStore(storeName);

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(databaseName);
  request.onupgradeneeded = () => request.result.createObjectStore(storeName);
  return answerOf(request);
}

function answerOf<T = unknown>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error as Error);
  });
}
