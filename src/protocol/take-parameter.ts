/** What is left of an address, and what was taken out of it. */
interface Taken {
  /** Every other character stays as it was written: addresses of others may be signed, or not be UTF-8. */
  rest: string;
  values: string[];
}

/** Takes parameters out of an address. @param isWanted which ones. */
export function takeParameter(address: string, isWanted: (name: string, value: string) => boolean): Taken {
  const [, path, query, hash] = /^([^?#]*)\??([^#]*)(.*)$/s.exec(address)!;
  const values: string[] = [];
  const kept = query!.split('&').filter((pair) => {
    const [found] = new URLSearchParams(`?${pair}`);
    const isTaken = found && isWanted(...found);
    if (isTaken) values.push(found[1]);
    return !isTaken;
  });
  const rest = values.length ? path + (kept.length ? `?${kept.join('&')}` : '') + hash : address;
  return { rest, values };
}
