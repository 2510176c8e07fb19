import { takeParameter } from './take-parameter.js';

/**
 * Puts a parameter behind those of an address, before its fragment, in place of any of that name. Every other character
 * stays as it was written.
 */
export function addParameter(address: string, name: string, value: string): string {
  const { rest } = takeParameter(address, (given) => given === name);
  const [, before = '', query, hash = ''] = /^([^?#]*)(\?[^#]*)?(.*)$/s.exec(rest)!;
  const joint = query === undefined ? '?' : /[?&]$/.test(query) ? '' : '&';
  return `${before}${query ?? ''}${joint}${encodeURIComponent(name)}=${encodeURIComponent(value)}${hash}`;
}
